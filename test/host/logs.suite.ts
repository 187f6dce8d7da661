import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, gradlens } from "./gradlens.ts";

function startRun(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-logs-"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function setPatterns(patterns: readonly string[] | undefined): Promise<void> {
  const target = vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration("gradlens").update("parsing.customPatterns", patterns, target);
}

suite("logs", () => {
  test("patterns of one's own read a followed run again as soon as they change", async () => {
    const { store } = await gradlens();
    const folder = startRun({
      "metrics.jsonl": '{"step": 1, "loss": 3}\n{"step": 2, "loss": 2}\n{"step": 3, "loss": 2}\n',
      "train.txt": "it=1 g=2\nit=2 g=0.5\n",
    });
    await vscode.commands.executeCommand("gradlens.followRun", folder);
    const run = await eventually("the loss", () => {
      const found = store.get(folder);
      return found?.first("loss") === undefined ? undefined : found;
    });
    assert.equal(run.first("globalNorm"), undefined);

    await setPatterns([String.raw`it=(?<step>\d+) g=(?<value>\S+)`]);
    const norm = await eventually("a norm by the pattern", () => run.first("globalNorm"));
    assert.deepEqual(
      [Array.from(norm.steps()), Array.from(norm.values())],
      [
        [1, 2],
        [2, 0.5],
      ],
    );

    await setPatterns([String.raw`it=(?<value>\d+) g=(?<step>\d+)`]);
    await eventually("the same by another pattern", () => run.first("globalNorm")?.valueAt(0));
    await setPatterns(undefined);
    await eventually("its end", () => (run.first("globalNorm") === undefined ? true : undefined));
    await vscode.commands.executeCommand("gradlens.unfollowRun", folder);
  });

  test("a log stands for its folder, whatever dots the folder's name has", async () => {
    const { store } = await gradlens();
    const folder = join(startRun({}), "lr0.001");
    mkdirSync(folder);
    const log = join(folder, "train.log.1");
    writeFileSync(log, "step 1 | loss 2.5 | norm 1.5\nstep 2 | loss 2.5 | norm 1.5\n");
    for (const path of [log, folder]) {
      await vscode.commands.executeCommand("gradlens.followRun", vscode.Uri.file(path));
      await eventually(`the norm of ${path}`, () => store.get(folder)?.first("globalNorm")?.valueAt(2));
      await vscode.commands.executeCommand("gradlens.unfollowRun", vscode.Uri.file(path));
      assert.equal(store.get(folder), undefined);
    }
  });

  test("of a folder of runs the newest is followed, of a run with others below the run itself", async () => {
    const { store } = await gradlens();
    const parent = startRun({});
    for (const [version, time] of Object.entries({
      version_0: 1_700_000_000,
      version_1: 1_700_000_200,
      version_2: 1_700_000_100,
    })) {
      mkdirSync(join(parent, version));
      const log = join(parent, version, "metrics.csv");
      writeFileSync(log, "epoch,grad_norm,step\n0,1.5,1\n0,1.25,2\n");
      utimesSync(log, time, time);
    }
    await vscode.commands.executeCommand("gradlens.followRun", parent);
    const newest = join(parent, "version_1");
    await eventually("the norm of the newest", () => store.get(newest)?.first("globalNorm")?.valueAt(2));
    assert.equal(store.get(join(parent, "version_0")), undefined);
    await vscode.commands.executeCommand("gradlens.unfollowRun", newest);

    const own = startRun({ "metrics.csv": "epoch,grad_norm,step\n0,1.5,1\n0,1.25,2\n" });
    utimesSync(join(own, "metrics.csv"), 1_700_000_000, 1_700_000_000);
    mkdirSync(join(own, "below"));
    writeFileSync(join(own, "below", "metrics.csv"), "epoch,grad_norm,step\n0,3.5,1\n0,3.25,2\n");
    await vscode.commands.executeCommand("gradlens.followRun", own);
    await eventually("its own norm", () => store.get(own)?.first("globalNorm")?.valueAt(2));
    assert.equal(store.get(join(own, "below")), undefined);
    await vscode.commands.executeCommand("gradlens.unfollowRun", own);
  });

  test("lines that cannot be read are one entry in Problems, on the first of them", async () => {
    const { store } = await gradlens();
    const folder = startRun({
      "metrics.jsonl": `${'{"step": 1, "grad_norm": 3}\n'.repeat(3)}{"step": 2, "grad\n{"st\n`,
    });
    const uri = vscode.Uri.file(join(folder, "metrics.jsonl"));
    await vscode.commands.executeCommand("gradlens.followRun", folder);
    const shown = await eventually("the entry", () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      shown.map(({ range, severity, message }) => [range.start.line, severity, message]),
      [
        [
          3,
          vscode.DiagnosticSeverity.Information,
          "The line is not a JSON object. (1 more line of this log could not be read)",
        ],
      ],
    );
    assert.equal(store.get(folder)?.first("globalNorm")?.length(), 3);
    await vscode.commands.executeCommand("gradlens.unfollowRun", folder);
    await eventually("no entry", () => (vscode.languages.getDiagnostics(uri).length === 0 ? true : undefined));
  });
});
