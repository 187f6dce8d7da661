import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { followRun } from "#following/follower.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { logsOf } from "#client/workerLogs.ts";
import { createRunStore } from "#store/runStore.ts";
import type { Run } from "#store/run.ts";
import { createRandom } from "./random.ts";
import { createReadingWorker } from "./readingWorker.ts";
import { eventWriter, jsonWriter, rotatedWriter } from "./soakWriters.ts";
import type { Row, SoakWriter } from "./soakWriters.ts";

export interface SoakOptions {
  readonly folder: string;
  readonly appends: number;
  /** After how many appends all that was read is compared with all that is on the disk. */
  readonly compareEvery: number;
  readonly onSample?: (sample: SoakSample) => void;
  /** Who reads; one without a process when it is missing. */
  readonly worker?: WorkerClient;
  /** Called after each append. */
  readonly onAppend?: (appends: number) => void;
}

/** One comparison; everything was found once, and in its order. */
export interface SoakSample {
  readonly appends: number;
  readonly logs: number;
  readonly samples: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
  /** From the last append until all of it was in the store. */
  readonly lagMs: number;
}

const LONGEST_LAG_MS = 20_000;

/**
 * Three trainings write side by side, as fast as they can, while their folder is followed: appends that end anywhere,
 * resumes, truncation, replacement, rotation, deletion. Rejects as soon as a sample is missing, wrong or there twice.
 */
export async function soak(options: SoakOptions): Promise<SoakSample[]> {
  const { folder, appends, compareEvery, onSample, onAppend, worker = createReadingWorker() } = options;
  const random = createRandom(1);
  const writers = [jsonWriter, rotatedWriter, eventWriter].map((create) => create({ folder, random }));
  const store = createRunStore();
  const errors: unknown[] = [];
  let notice: Notice = ignore;
  const run = { folder, logs: [], checkpoints: [], modifiedMs: 0 };
  const follower = followRun(run, {
    store,
    source: logsOf(worker),
    intervalMs: () => 1e9, // Only notices make it look.
    customPatterns: () => [],
    watch: (_, onDidChange) => {
      notice = onDidChange;
      return { dispose: () => undefined };
    },
    onError: (error) => errors.push(error),
  });
  const samples: SoakSample[] = [];
  try {
    notice("entries");
    for (let done = 1; done <= appends; done += 1) {
      notice(random.pick(writers).append() ? "entries" : "content");
      onAppend?.(done);
      await setImmediate();
      if (done % compareEvery === 0 || done === appends) {
        const lagMs = await caughtUp(writers, { run: () => store.get(folder), look: () => notice("entries") });
        const sample = { appends: done, ...describe(writers), ...memory(), lagMs };
        samples.push(sample);
        onSample?.(sample);
      }
    }
  } finally {
    follower.dispose();
  }
  return samples;
}

type Notice = (what: "content" | "entries") => void;

const ignore: Notice = () => undefined;

interface Followed {
  readonly run: () => Run | undefined;
  readonly look: () => void;
}

/** Waits until the store has what is on the disk, each sample once; how long that took. */
async function caughtUp(writers: readonly SoakWriter[], { run, look }: Followed): Promise<number> {
  const startMs = performance.now();
  for (;;) {
    const difference = firstDifference(writers, run());
    const tookMs = performance.now() - startMs;
    if (difference === null) {
      return tookMs;
    }
    if (tookMs > LONGEST_LAG_MS) {
      throw new Error(difference);
    }
    look();
    for (let turn = 0; turn < 20; turn += 1) {
      await setImmediate();
    }
  }
}

/** What differs between the disk and what was read of it, in a sentence; null when nothing does. */
function firstDifference(writers: readonly SoakWriter[], run: Run | undefined): string | null {
  const expected = new Map(writers.flatMap(({ onDisk }) => [...onDisk].filter(([, rows]) => rows.length > 0)));
  const logs = new Map((run?.logs() ?? []).filter(({ series }) => series.length > 0).map((log) => [log.path, log]));
  const surplus = [...logs.keys()].find((path) => !expected.has(path));
  if (surplus !== undefined) {
    return `${surplus} is not on the disk any more.`;
  }
  for (const [path, rows] of expected) {
    const log = logs.get(path);
    const series = log?.series.find(({ key }) => key.kind === "globalNorm");
    if (log === undefined || series === undefined) {
      return `${path} was not read.`;
    }
    const at = indexOfDifference(rows, series.steps(), series.values());
    if (at !== -1 || log.problems.length > 0) {
      const problem = log.problems[0]?.reason ?? "no problem was told";
      return `${path}: sample ${at} of ${rows.length} differs, ${series.length()} were read; ${problem}.`;
    }
  }
  return null;
}

function indexOfDifference(rows: readonly Row[], steps: ArrayLike<number>, values: ArrayLike<number>): number {
  const at = rows.findIndex(([step, value], index) => steps[index] !== step || values[index] !== value);
  return at === -1 && steps.length > rows.length ? rows.length : at;
}

function describe(writers: readonly SoakWriter[]): Pick<SoakSample, "logs" | "samples"> {
  const logs = writers.flatMap(({ onDisk }) => [...onDisk.values()]);
  return { logs: logs.length, samples: logs.reduce((sum, rows) => sum + rows.length, 0) };
}

function memory(): Pick<SoakSample, "residentMiB" | "heapMiB"> {
  globalThis.gc?.(); // Only there when Node was told so.
  const { rss, heapUsed } = process.memoryUsage();
  return { residentMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20 };
}
