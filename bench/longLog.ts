/**
 * How soon a followed log of 1 GB shows its last step, and when all of it: `npm run bench:long`. A real worker process
 * reads, the extension's follower and store take what it sends. Makes its own files in .workbench/bench. Prints one
 * Markdown table.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunFiles } from "#core/run.ts";
import { followRun } from "#following/follower.ts";
import { createWorkerClient } from "#client/workerClient.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { logsOf } from "#client/workerLogs.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";
import { createRunStore } from "#store/runStore.ts";
import { buildProgram } from "../test/support/build.ts";
import { JSON_LINES, MEGATRON } from "./logFiles.ts";

const FOLDER = join(import.meta.dirname, "../.workbench/bench/long");
const BYTES = 1_000_000_000;
const RUNS = 5;
// The end is shown within a second, so a look now and then is enough.
const LONGEST_MS = 120_000;

interface Opening {
  readonly firstMs: number;
  readonly endMs: number;
  readonly wholeMs: number;
  readonly samples: number;
  readonly workerMiB: number;
}

const script = await buildProgram("worker");
console.log("| log of 1 GB | first step, ms | last step, ms | all, s | samples | worker's memory at the end |");
console.log("|---|---|---|---|---|---|");
for (const { title, name, make } of [JSON_LINES, MEGATRON]) {
  const folder = join(FOLDER, name);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  if (!existsSync(path)) {
    make(path, BYTES);
  }
  const format = name === JSON_LINES.name ? "jsonl" : "megatron";
  const files: RunFiles = { folder, logs: [{ path, format }], checkpoints: [], modifiedMs: 0 };
  const openings: Opening[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    openings.push(await open(files));
  }
  const median = (of: (opening: Opening) => number): number =>
    openings.map(of).toSorted((a, b) => a - b)[RUNS >> 1] ?? 0;
  const [firstMs, endMs, wholeMs] = [
    median((one) => one.firstMs),
    median((one) => one.endMs),
    median((one) => one.wholeMs),
  ];
  const memory = median((one) => one.workerMiB).toFixed(0);
  const seconds = (wholeMs / 1000).toFixed(1);
  console.log(
    `| ${title} | ${firstMs.toFixed(0)} | ${endMs.toFixed(0)} | ${seconds} | ${openings[0]?.samples} | ${memory} MiB |`,
  );
}

/** Follows the run with a worker that has not been started, as when a window opens. */
async function open(files: RunFiles): Promise<Opening> {
  const worker = createWorkerClient(() => startWorkerProcess(script, () => undefined));
  const store = createRunStore();
  const startMs = performance.now();
  let firstMs = 0;
  let endMs = 0;
  const whole = Promise.withResolvers<void>();
  store.onDidChange(({ run, what }) => {
    const norms = run.first("globalNorm");
    firstMs ||= norms === undefined ? 0 : performance.now() - startMs;
    endMs ||= run.isFilling() ? performance.now() - startMs : 0;
    if (what === "restarted" && !run.isFilling()) {
      whole.resolve();
    }
  });
  const follower = followRun(files, {
    store,
    source: logsOf(worker),
    intervalMs: () => LONGEST_MS,
    customPatterns: () => [],
    watch: () => ({ dispose: () => undefined }),
    onError: (error) => whole.reject(error),
  });
  try {
    await whole.promise;
    const wholeMs = performance.now() - startMs;
    const samples =
      store
        .runs()[0]
        ?.series()
        .reduce((sum, one) => sum + one.count(), 0) ?? 0;
    return { firstMs, endMs, wholeMs, samples, workerMiB: memoryOf(worker) };
  } finally {
    follower.dispose();
    worker.dispose();
  }
}

/** The most the worker ever had, in MiB; 0 where the system does not tell. */
function memoryOf(worker: WorkerClient): number {
  const status = `/proc/${worker.processId()}/status`;
  const [, kilobytes = "0"] = existsSync(status) ? (/VmHWM:\s+(\d+)/.exec(readFileSync(status, "utf8")) ?? []) : [];
  return Number(kilobytes) / 1024;
}
