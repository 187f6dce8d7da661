import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Disposable } from "#core/event.ts";
import { logsOf } from "#client/workerLogs.ts";
import { watchFolder } from "#files/watchFolder.ts";
import type { WatchFolder } from "#following/folderWatches.ts";
import { followRun } from "#following/follower.ts";
import type { LogSource } from "#following/logSource.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunStore } from "#store/runStore.ts";
import { findRuns } from "#worker/runs/findRuns.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { createReadingWorker } from "../support/readingWorker.ts";
import { logMetric, writeMlflowRun } from "../support/mlflow.ts";
import { eventRecord, scalar, VERSION_RECORD } from "../support/tfEvents.ts";

const STATE = JSON.stringify({ global_step: 1, log_history: [{ step: 1, grad_norm: 1 }] });
const EVENTS = "events.out.tfevents.1700000000.host.1.0";

let folder: TestFolder;
let store: RunStore;
let watched: Set<string>;
let errors: string[];
let follower: Disposable | undefined;
beforeEach(async () => {
  folder = await createTestFolder();
  store = createRunStore();
  [watched, errors, follower] = [new Set(), [], undefined];
  await folder.write("checkpoint-1/trainer_state.json", STATE);
  await folder.write(`runs/first/${EVENTS}`, eventsOf(1, 2));
});
afterEach(async () => {
  follower?.dispose();
  await folder.dispose();
});

/** The file system's own events, and which folders they are asked of. */
const watch: WatchFolder = (path, onDidChange) => {
  const name = relative(folder.path, path);
  const watcher = watchFolder(path, onDidChange);
  watched.add(name);
  return {
    dispose() {
      watched.delete(name);
      watcher.dispose();
    },
  };
};

/** Follows the run; the interval is so long that it is looked at when events come, and never else. */
async function follow(afterSearch: () => Promise<void> = async () => undefined): Promise<void> {
  const { runs } = await findRuns(folder.path, { maxEntries: 1000 });
  const [run] = runs;
  if (run === undefined) {
    throw new Error("There is no run.");
  }
  const disk = logsOf(createReadingWorker());
  const source: LogSource = {
    ...disk,
    async findRuns(path, options) {
      const found = await disk.findRuns(path, options);
      await afterSearch();
      return found;
    },
  };
  follower = followRun(run, {
    store,
    source,
    intervalMs: () => 1e8,
    customPatterns: () => [],
    watch,
    onError: keepError,
  });
}

function keepError(error: unknown): void {
  errors.push(String(error));
}

function eventAt(step: number): Buffer {
  return eventRecord({ step }, scalar("train/grad_norm", step));
}

/** A file of events whose norms are their steps. */
function eventsOf(...steps: readonly number[]): Buffer {
  return Buffer.concat([VERSION_RECORD, ...steps.map(eventAt)]);
}

async function arrivesAt(step: number): Promise<void> {
  await expect.poll(() => store.get(folder.path)?.first("globalNorm")?.valueAt(step)).toBe(step);
}

test("events of Hugging Face's Trainer below the run's folder are read when they grow, without polling", async () => {
  await follow();
  await arrivesAt(2);
  for (const step of [3, 4, 5]) {
    await appendFile(join(folder.path, "runs/first", EVENTS), eventAt(step));
    await arrivesAt(step);
  }
  expect([[...watched].toSorted(), errors]).toEqual([["", "checkpoint-1", "runs", "runs/first"], []]);
});

test("a training that goes on in a new folder is watched there, and no longer where the last one was", async () => {
  await follow();
  await arrivesAt(2);
  await mkdir(join(folder.path, "new"));
  await writeFile(join(folder.path, "new", EVENTS), eventsOf(1, 2, 3));
  await rename(join(folder.path, "new"), join(folder.path, "runs", "second"));
  await arrivesAt(3);
  await appendFile(join(folder.path, "runs/second", EVENTS), eventAt(4));
  await arrivesAt(4);
  expect([[...watched].toSorted(), errors]).toEqual([["", "checkpoint-1", "runs", "runs/second"], []]);
});

test("series of MLflow's folder of a run are read when they grow, without polling, and new ones by a prefix are watched", async () => {
  await rm(folder.path, { recursive: true });
  await writeMlflowRun(folder.path);
  await logMetric(folder.path, "grad_norm", [[1, 1, 1]]);
  await follow();
  await arrivesAt(1);
  await logMetric(folder.path, "grad_norm", [[2, 2, 2]]);
  await arrivesAt(2);
  await logMetric(folder.path, "train/loss", [[2, 2, 2]]);
  await expect.poll(() => watched.has(join("metrics", "train"))).toBe(true);
  await logMetric(folder.path, "train/loss", [[3, 3, 3]]);
  await expect.poll(() => store.get(folder.path)?.first("loss")?.valueAt(3)).toBe(3);
});

test("folders that vanish are let go, and a run that is let go leaves no watch", async () => {
  await follow();
  await arrivesAt(2);
  await rm(join(folder.path, "runs"), { recursive: true });
  // It is missed for a second time at the next event, of which there may be several.
  await expect
    .poll(async () => {
      await folder.write("note.txt", String(watched.size));
      return [...watched].toSorted();
    })
    .toEqual(["", "checkpoint-1"]);
  follower?.dispose();
  expect([...watched]).toEqual([]);
});

test("a search that ends after the run was let go neither watches nor brings the run back", async () => {
  const gate = Promise.withResolvers<void>();
  let searches = 0;
  await follow(async () => {
    searches += 1;
    return gate.promise;
  });
  await arrivesAt(2);
  await folder.write(`runs/second/${EVENTS}`, eventsOf(1));
  await expect.poll(() => searches).toBe(1);
  follower?.dispose();
  gate.resolve();
  await new Promise(setImmediate);
  expect([[...watched], store.runs()]).toEqual([[], []]);
});
