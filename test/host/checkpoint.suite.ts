import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { eventually, examplePath, exampleRun, exampleUri, gradlens } from "./gradlens.ts";

const scratch = mkdtempSync(join(tmpdir(), "gradlens-large-"));
const large = join(scratch, "large.safetensors");

suite("checkpoints", () => {
  suiteSetup(() => writeSparseCheckpoint(large, 8));
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

  test("SIGKILL of the worker in mid-computation gives a sentence, and the next request works", async () => {
    const { worker } = await gradlens();
    const running = worker.request<"computeNorms">(
      { kind: "computeNorms", path: large, threads: 1 },
      { onProgress: () => process.kill(worker.processId() ?? 0, "SIGKILL") },
    );
    await assert.rejects(running, { message: "The compute worker stopped (SIGKILL). Nothing is lost; try again." });
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
