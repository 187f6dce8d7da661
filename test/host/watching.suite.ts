import { strict as assert } from "node:assert";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, gradlens } from "./gradlens.ts";

/** A run that grows: its folder and the lines that are still to come. */
function startRun(): { readonly folder: string; readonly coming: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-growing-"));
  const lines = readFileSync(examplePath("metrics.jsonl"), "utf8").split("\n");
  writeFileSync(join(folder, "metrics.jsonl"), `${lines.slice(0, 101).join("\n")}\n`);
  return { folder, coming: lines.slice(101) };
}

suite("watching a run", () => {
  for (const useEvents of [true, false]) {
    test(`appended lines and a new checkpoint are seen ${useEvents ? "by events" : "by polling alone"}`, async () => {
      const settings = vscode.workspace.getConfiguration("gradlens");
      await settings.update("watch.useEvents", useEvents, vscode.ConfigurationTarget.Global);
      await settings.update("watch.pollingInterval", 1, vscode.ConfigurationTarget.Global);
      const { store } = await gradlens();
      const { folder, coming } = startRun();
      await vscode.commands.executeCommand("gradlens.followRun", folder);
      await eventually("step 100", () => store.get(folder)?.first("globalNorm")?.valueAt(100));

      const half = coming[0]?.slice(0, 200) ?? "";
      appendFileSync(join(folder, "metrics.jsonl"), half);
      appendFileSync(join(folder, "metrics.jsonl"), `${coming[0]?.slice(200)}\n${coming[1]}\n`);
      await eventually("step 102", () => store.get(folder)?.first("globalNorm")?.valueAt(102));
      assert.equal(store.get(folder)?.first("globalNorm")?.length(), 102);

      mkdirSync(join(folder, "incoming"));
      cpSync(examplePath("checkpoint-200"), join(folder, "incoming", "checkpoint-200"), { recursive: true });
      renameSync(join(folder, "incoming", "checkpoint-200"), join(folder, "checkpoint-200"));
      const path = join(folder, "checkpoint-200", "grads.safetensors");
      const norms = await eventually("norms of the new checkpoint", () => store.get(folder)?.summaries.get(path));
      assert.ok(Math.abs((norms.globals.gradient?.l2 ?? 0) - 0.67254648) < 1e-7);
      assert.deepEqual(
        store
          .get(folder)
          ?.checkpoints()
          .map(({ step }) => step),
        [200, 200],
      );
      await vscode.commands.executeCommand("gradlens.unfollowRun", folder);
    });
  }

  test("what files.exclude hides is not offered, until it is no longer hidden", async () => {
    const { catalogue } = await gradlens();
    const hidden = examplePath("old", "hidden");
    mkdirSync(hidden, { recursive: true });
    cpSync(examplePath("metrics.jsonl"), join(hidden, "metrics.jsonl"));
    const isOffered = async (): Promise<boolean> => {
      await vscode.commands.executeCommand("gradlens.refreshRuns");
      return catalogue.runs().some(({ folder }) => folder === hidden);
    };
    const files = vscode.workspace.getConfiguration("files");
    await files.update("exclude", { "**/old": true }, vscode.ConfigurationTarget.Global);
    try {
      assert.equal(await isOffered(), false);
    } finally {
      await files.update("exclude", undefined, vscode.ConfigurationTarget.Global);
    }
    assert.deepEqual([await isOffered(), catalogue.truncated()], [true, false]);
    rmSync(examplePath("old"), { recursive: true });
    assert.equal(await isOffered(), false, "A run that was deleted is still offered.");
  });
});
