import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CheckpointFile } from "#core/run.ts";
import { computeInBackground } from "#host/checkpoint/background.ts";
import type { BackgroundOptions } from "#host/checkpoint/background.ts";
import { computeSummary } from "#host/checkpoint/checkpointNorms.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunStore } from "#store/runStore.ts";
import { EXAMPLE } from "../../support/build.ts";
import { createReadingWorker } from "../../support/readingWorker.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";

const SMALL_BYTES = 384_608;

/** Gradients of the example at a step; `bytes` may claim more than the file has. */
function gradients(step: number, bytes = SMALL_BYTES): CheckpointFile {
  return { path: join(EXAMPLE, `checkpoint-${step}/grads.safetensors`), step, bytes };
}

function weights(step: number): CheckpointFile {
  return { path: join(EXAMPLE, `checkpoint-${step}/model.safetensors`), step, bytes: 400_000 };
}

function setCheckpoints(store: RunStore, ...checkpoints: readonly CheckpointFile[]): void {
  store.setFiles({ folder: "/run", logs: [], checkpoints, modifiedMs: 0 });
}

/** A worker that notes which steps it was asked for. */
function notingWorker(): { readonly worker: WorkerClient; readonly steps: string[] } {
  const steps: string[] = [];
  const worker = createReadingWorker(async (request) => {
    const step = "path" in request ? (/checkpoint-(\d+)/.exec(request.path)?.[1] ?? request.path) : "";
    steps.push(request.kind === "computeNorms" ? step : `${request.kind} ${step}`.trim());
  });
  return { worker, steps };
}

async function summaries(store: RunStore, count: number): Promise<void> {
  let seen = 0;
  return new Promise((resolve) => {
    store.onDidChange(({ what }) => {
      seen += what === "norms" ? 1 : 0;
      if (seen === count) {
        resolve();
      }
    });
  });
}

function optionsOf(change: Partial<BackgroundOptions> = {}): BackgroundOptions {
  return {
    mode: () => "full",
    maxBytes: () => Infinity,
    compute: () => ({ threads: 1 }),
    kinds: { of: () => "weight", onDidChange: () => ({ dispose: () => undefined }) },
    onError: (error) => {
      throw error;
    },
    ...change,
  };
}

test("a summary has the tensors that came as progress and the norms of each kind", async () => {
  const summary = await computeSummary(createReadingWorker(), gradients(241), { threads: 1 });
  expect([summary.bytes, summary.tensors.size, Object.keys(summary.globals)]).toEqual([SMALL_BYTES, 41, ["gradient"]]);
});

test("checkpoints are computed one after the other, the newest first, and each once", async () => {
  const store = createRunStore();
  const { worker, steps } = notingWorker();
  const done = summaries(store, 3);
  computeInBackground(store, worker, optionsOf());
  setCheckpoints(store, gradients(200), gradients(241), gradients(400));
  await done;
  setCheckpoints(store, gradients(200), gradients(241), gradients(400));
  expect([steps, store.get("/run")?.summaries.size]).toEqual([["400", "241", "200"], 3]);
});

test("of large checkpoints that were there before, only the newest 64 MB are computed, of others the header is read; new ones are computed", async () => {
  const store = createRunStore();
  const { worker, steps } = notingWorker();
  const first = summaries(store, 2);
  computeInBackground(store, worker, optionsOf());
  setCheckpoints(store, gradients(200, 40e6), gradients(241, 40e6));
  await first;
  const second = summaries(store, 1);
  setCheckpoints(store, gradients(200, 40e6), gradients(241, 40e6), gradients(400, 90e9));
  await second;
  expect(steps).toEqual(["241", "indexCheckpoint 200", "400"]);
});

test("a checkpoint that has grown is computed again", async () => {
  const store = createRunStore();
  const { worker, steps } = notingWorker();
  const first = summaries(store, 1);
  computeInBackground(store, worker, optionsOf());
  setCheckpoints(store, gradients(200, 1000));
  await first;
  const second = summaries(store, 1);
  setCheckpoints(store, gradients(200));
  await second;
  expect([steps, [...(store.get("/run")?.summaries.values() ?? [])].map(({ bytes }) => bytes)]).toEqual([
    ["200", "200"],
    [SMALL_BYTES],
  ]);
});

test("a run that is followed again gets its norms again", async () => {
  const store = createRunStore();
  const first = summaries(store, 1);
  computeInBackground(store, createReadingWorker(), optionsOf());
  setCheckpoints(store, gradients(200));
  await first;
  store.remove("/run");
  const second = summaries(store, 1);
  setCheckpoints(store, gradients(200));
  await second;
  expect(store.get("/run")?.summaries.size).toBe(1);
});

test("a checkpoint that cannot be read is reported and the next is computed", async () => {
  const store = createRunStore();
  const errors: string[] = [];
  const done = summaries(store, 1);
  computeInBackground(store, createReadingWorker(), optionsOf({ onError: (error) => errors.push(String(error)) }));
  setCheckpoints(store, gradients(200), { path: "/nowhere/model.safetensors", step: 300, bytes: 8 });
  await done;
  expect(errors).toEqual(["Error: /nowhere/model.safetensors: The file is not there. Was it moved or deleted?"]);
});

test("nothing is computed where it is switched off", () => {
  const store = createRunStore();
  const { worker, steps } = notingWorker();
  computeInBackground(store, worker, optionsOf({ mode: () => "never" }));
  setCheckpoints(store, gradients(200));
  expect(steps).toEqual([]);
});

test("of a checkpoint above the limit, and of all where that is asked for, only names and shapes are read", async () => {
  for (const change of [{ maxBytes: () => SMALL_BYTES - 1 }, { mode: () => "header" as const }]) {
    const store = createRunStore();
    const { worker, steps } = notingWorker();
    const done = summaries(store, 1);
    computeInBackground(store, worker, optionsOf(change));
    setCheckpoints(store, gradients(200));
    await done;
    const [summary] = store.get("/run")?.summaries.values() ?? [];
    expect([steps, summary?.size, summary?.globals]).toEqual([
      ["indexCheckpoint 200"],
      { tensors: 41, elements: 95_184 },
      {},
    ]);
  }
});

test("weights are compared with those of the checkpoint before, over all steps and by one", async () => {
  const store = createRunStore();
  const done = summaries(store, 3);
  computeInBackground(store, createReadingWorker(), optionsOf());
  setCheckpoints(store, weights(200), weights(400));
  await done;
  const update = store.get("/run")?.summaries.get(weights(400).path)?.update;
  expect(update).toEqual({
    since: 200,
    relative: expect.closeTo(0.19997144591152, 12) as number,
    perStep: {
      low: expect.closeTo(0.19997144591152 / 200, 12) as number,
      high: expect.closeTo(0.19997144591152 / Math.sqrt(200), 12) as number,
    },
  });
});

test("a kind that people gave is that of the summary, though all kinds are asked for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-summary-"));
  const path = join(folder, "dump.safetensors");
  writeFileSync(path, safetensorsFile({ w: { dtype: "F32", shape: [2], data: bytesOf(Float32Array.of(3, 4)) } }));
  const summary = await computeSummary(createReadingWorker(), { path, bytes: 8 }, { threads: 1, takenAs: "gradient" });
  rmSync(folder, { recursive: true });
  expect([Object.keys(summary.globals), summary.globals.gradient?.l2, summary.tensors.get("w")?.kind]).toEqual([
    ["gradient"],
    5,
    "gradient",
  ]);
});
