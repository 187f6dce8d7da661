import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite, suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { trainingCheckpoint } from "../support/trainingCheckpoint.ts";
import { chunkFiles, NORM, plain, zarray } from "../support/zarr.ts";
import { eventually, examplePath, exampleRun, exampleUri, gradlens } from "./gradlens.ts";

const scratch = mkdtempSync(join(tmpdir(), "gradlens-large-"));
const large = join(scratch, "large.safetensors");

/** The editor and the path of the tab that inspecting a path opens. */
async function inspected(path: string): Promise<readonly string[]> {
  await vscode.commands.executeCommand("gradlens.inspectResource", vscode.Uri.file(path));
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  assert.ok(tab?.input instanceof vscode.TabInputCustom);
  return [tab.input.viewType, tab.input.uri.fsPath];
}

suite("checkpoints", () => {
  suiteSetup(() => writeSparseCheckpoint(large, 64));
  suiteTeardown(() => rmSync(scratch, { recursive: true, force: true }));

  test("inspecting a checkpoint opens it in the checkpoint editor", async () => {
    await vscode.commands.executeCommand(
      "gradlens.inspectCheckpoint",
      exampleUri("checkpoint-200", "grads.safetensors"),
    );
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.ok(tab?.input instanceof vscode.TabInputCustom);
    assert.equal(tab.input.viewType, "gradlens.checkpoint");
  });

  test("a PyTorch checkpoint opens in the checkpoint editor, and its optimizer's states have their parameters' names", async () => {
    const path = join(scratch, "last.pt");
    writeFileSync(path, trainingCheckpoint());
    assert.deepEqual(await inspected(path), ["gradlens.checkpointOptional", path]);
    const { worker } = await gradlens();
    const listing = await worker.request<"indexCheckpoint">({ kind: "indexCheckpoint", path });
    const state = listing.tensors.find(({ name }) => name === "optimizer/state/1/exp_avg");
    assert.equal(state?.parameter, "h.0.mlp.weight");
  });

  test("a folder that is a checkpoint opens in the checkpoint editor", async () => {
    const path = join(scratch, "300");
    for (const [name, content] of Object.entries({
      "w/.zarray": zarray(),
      ...chunkFiles((...at) => at.join("."), plain),
    })) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content);
    }
    assert.deepEqual(await inspected(path), ["gradlens.checkpoint", path]);
    const { worker } = await gradlens();
    const norms = await worker.request<"computeNorms">({ kind: "computeNorms", path, threads: 1, takenAs: "gradient" });
    assert.equal(norms.globals.gradient?.l2, NORM);
  });

  test("a file that other programs write too does not open in the checkpoint editor unasked", async () => {
    const path = join(scratch, "firmware.bin");
    writeFileSync(path, "text");
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(path));
    assert.ok(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputText);
  });

  test("a sharded checkpoint opens by its index, and its shards are one checkpoint", async () => {
    const index = join(scratch, "model.safetensors.index.json");
    const [first, second] = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    writeFileSync(index, JSON.stringify({ weight_map: { a: first, b: second } }));
    for (const [file, name] of [
      [first, "a"],
      [second, "b"],
    ] as const) {
      const data = bytesOf(Float32Array.of(3, 4));
      writeFileSync(join(scratch, file), safetensorsFile({ [name]: { dtype: "F32", shape: [2], data } }));
    }
    await vscode.commands.executeCommand("gradlens.inspectCheckpoint", vscode.Uri.file(index));
    assert.ok(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom);
    const { worker } = await gradlens();
    const norms = await worker.request<"computeNorms">({ kind: "computeNorms", path: index, threads: 1 });
    assert.equal(norms.globals.weight?.l2, Math.sqrt(50));
  });

  test("the norms of a followed run's checkpoints are computed in the background", async () => {
    const { store } = await exampleRun();
    const path = examplePath("checkpoint-241", "grads.safetensors");
    const summary = await eventually("norms of checkpoint-241", () => store.get(examplePath())?.summaries.get(path));
    assert.ok(Math.abs((summary.globals.gradient?.l2 ?? 0) - 10.57689513) < 1e-7);
    assert.equal(summary.globals.weight, undefined);
  });

  test("SIGKILL of the worker in mid-computation lets another one go on, and the next request works", async () => {
    const { worker } = await gradlens();
    const reasons: string[] = [];
    const subscription = worker.onDidStop(({ reason }) => reasons.push(reason));
    const controller = new AbortController();
    let killed: number | undefined;
    const running = worker.request<"computeNorms">(
      { kind: "computeNorms", path: large, threads: 1 },
      {
        signal: controller.signal,
        onProgress() {
          if (killed === undefined) {
            killed = worker.processId();
            process.kill(killed ?? process.pid, "SIGKILL");
          } else if (reasons.length > 0) {
            controller.abort(); // It has come from the second one.
          }
        },
      },
    );
    await assert.rejects(running, { message: "Cancelled." });
    subscription.dispose();
    assert.deepEqual(reasons, ["SIGKILL"]);
    const path = examplePath("checkpoint-200", "grads.safetensors");
    const listing = await worker.request<"indexCheckpoint">({ kind: "indexCheckpoint", path });
    assert.equal(listing.tensors.length, 41);
  });

  test("a cancelled computation ends as cancelled and leaves the worker running", async () => {
    const { worker } = await gradlens();
    await worker.request<"indexCheckpoint">({
      kind: "indexCheckpoint",
      path: examplePath("checkpoint-200", "grads.safetensors"),
    });
    const before = worker.processId();
    const controller = new AbortController();
    const running = worker.request<"computeNorms">(
      { kind: "computeNorms", path: large, threads: 1 },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await assert.rejects(running, { message: "Cancelled." });
    assert.equal(worker.processId(), before);
  });
});
