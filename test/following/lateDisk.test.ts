import { appendFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Disposable } from "#core/event.ts";
import { followRun } from "#following/follower.ts";
import type { LogSource } from "#following/logSource.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { logsOf } from "#client/workerLogs.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunStore } from "#store/runStore.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { createReadingWorker } from "../support/readingWorker.ts";

let folder: TestFolder;
let log: string;
let store: RunStore;
let follower: Disposable | undefined;
let errors: string[];
let notice: (what: "content" | "entries") => void;
beforeEach(async () => {
  folder = await createTestFolder();
  log = await folder.write("metrics.jsonl", line(1));
  [store, errors] = [createRunStore(), []];
});
afterEach(async () => {
  follower?.dispose();
  await folder.dispose();
});

function line(step: number): string {
  return `{"step": ${step}, "grad_norm": ${step}}\n`;
}

/** Follows logs in the folder; the interval is so long that only notices make it look again. */
function follow(paths: readonly string[], worker: WorkerClient): void {
  follower = followIn(folder.path, paths, logsOf(worker));
}

function followIn(path: string, paths: readonly string[], source: LogSource): Disposable {
  const logs = paths.map((each) => ({ path: each, format: "jsonl" as const }));
  return followRun(
    { folder: path, logs, checkpoints: [], modifiedMs: 0 },
    {
      store,
      source,
      intervalMs: () => 1e9,
      customPatterns: () => [],
      watch(_folder, onDidChange) {
        notice = onDidChange;
        return { dispose: () => undefined };
      },
      onError: (error) => errors.push(String(error)),
      lateMs: LATE_MS,
    },
  );
}

/** Until samples have come. */
async function next(): Promise<void> {
  return new Promise((resolve) => {
    const subscription = store.onDidChange(({ what }) => {
      if (what === "samples") {
        subscription.dispose();
        resolve();
      }
    });
  });
}

function valuesOf(kind: "globalNorm" | "loss"): number[] {
  return [...(store.get(folder.path)?.first(kind)?.values() ?? [])];
}

/** A worker whose disk does not answer about one request until it is let go. */
function holding(isHeld: (request: WorkerRequest) => boolean): { readonly worker: WorkerClient; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const worker = createReadingWorker(async (request) => (isHeld(request) ? promise : undefined));
  return { worker, release: resolve };
}

const LATE_MS = 1000;

test("a log that the disk does not answer about is told of once, others grow, and all of it comes when the disk answers", async () => {
  const slow = await folder.write("slow.jsonl", `{"step": 100, "loss": 5}\n`);
  const { worker, release } = holding((request) => request.kind === "readLog" && request.path === slow);
  const first = next();
  follow([slow, log], worker);
  await first;
  const before = valuesOf("globalNorm");
  for (const step of [2, 3]) {
    const grown = next();
    await appendFile(log, line(step));
    notice("content");
    await grown;
  }
  const [growing, told] = [valuesOf("globalNorm"), [...errors]];
  const late = next();
  release();
  await late;
  await appendFile(slow, `{"step": 101, "loss": 6}\n`);
  const last = next();
  notice("content");
  await last;
  expect({ before, growing, told, after: [valuesOf("globalNorm"), valuesOf("loss")] }).toEqual({
    before: [1],
    growing: [1, 2, 3],
    told: [`Error: ${slow}: The disk has not answered for 1 s. It is read on when it does.`],
    after: [
      [1, 2, 3],
      [5, 6],
    ],
  });
});

test("a log that waits for others to be read is not late", async () => {
  const runs = Array.from({ length: 9 }, (_, at) => `run${at}`);
  const logs = await Promise.all(runs.map(async (run) => folder.write(`${run}/metrics.jsonl`, line(1))));
  // Each takes half of the time that it may, and three are read at a time.
  const worker = createReadingWorker(async ({ kind }) => (kind === "readLog" ? setTimeout(LATE_MS / 2) : undefined));
  const source = logsOf(worker);
  const followers = logs.map((path) => followIn(dirname(path), [path], source));
  const counts = (): unknown[] => logs.map((path) => store.get(dirname(path))?.first("globalNorm")?.count());
  await vi.waitFor(() => expect(counts()).toEqual(logs.map(() => 1)), { timeout: 20_000 });
  followers.forEach((each) => each.dispose());
  expect(errors).toEqual([]);
});

test("a folder that the disk does not list is told of, and its logs grow", async () => {
  const { worker } = holding(({ kind }) => kind === "discoverRuns");
  const first = next();
  follow([log], worker);
  await first;
  for (const step of [2, 3]) {
    const grown = next();
    await appendFile(log, line(step));
    notice("entries");
    await grown;
  }
  expect([valuesOf("globalNorm"), errors]).toEqual([
    [1, 2, 3],
    [`Error: ${folder.path}: The disk has not answered for 1 s. It is read on when it does.`],
  ]);
});
