import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createFindingsBook } from "#following/findingsBook.ts";
import { createWorkerClient } from "#client/workerClient.ts";
import { logsOf } from "#client/workerLogs.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { RunStore } from "#store/runStore.ts";
import { createRunStore } from "#store/runStore.ts";
import { buildProgram } from "../build.ts";
import { forgetPeak, peakMebibytes, peakMebibytesOf } from "../peakMemory.ts";
import { watchTurns } from "../turns.ts";
import { follow } from "./follow.ts";
import type { Followed } from "./follow.ts";
import { type LoadTable, residentMebibytes } from "./loadPart.ts";

interface Size {
  readonly runs: number;
  readonly tensors: number;
}

const SIZES: readonly Size[] = [
  { runs: 200, tensors: 100 },
  { runs: 10, tensors: 10_000 },
  { runs: 200, tensors: 10_000 },
];
/** What the logs have when they are opened, and how many steps they then grow by, one at a time. */
const STEPS_BEFORE = 18;
const STEPS_LIVE = 2;
const STEPS = STEPS_BEFORE + STEPS_LIVE;

/** Many runs, and runs of many tensors, read by a process of its own and judged: opened first, then growing. */
export async function followManyRuns(root: string, sizes = SIZES): Promise<LoadTable> {
  const rows: (string | number)[][] = [];
  for (const size of sizes) {
    rows.push(...(await followRuns(join(root, `${size.runs}-${size.tensors}`), size)));
  }
  return {
    columns: [
      "runs",
      "tensors in each",
      "",
      "until all were read",
      "p99 of turns",
      "longest turn",
      "resident",
      "peak",
      "worker's peak",
      "for each series",
    ],
    rows,
    summary: "Each sample of each tensor was there once, in its line.",
  };
}

async function followRuns(root: string, size: Size): Promise<readonly (string | number)[][]> {
  const script = await buildProgram("worker");
  const worker = createWorkerClient(() => startWorkerProcess(script, (text) => console.error(text)));
  const store = createRunStore();
  const book = createFindingsBook(store);
  const failures: unknown[] = [];
  const folders = Array.from({ length: size.runs }, (_, at) => join(root, `run${at}`));
  folders.forEach((folder) => mkdirSync(folder, { recursive: true }));
  appendSteps(folders, size, { from: 1, until: STEPS_BEFORE });
  const before = residentMebibytes();
  const reader = logsOf(worker);
  const followed = folders.map((folder) => follow(folder, { store, reader, onError: (error) => failures.push(error) }));
  const rows: (string | number)[][] = [];
  try {
    for (let step = STEPS_BEFORE; step <= STEPS; step += 1) {
      if (step > STEPS_BEFORE) {
        appendSteps(folders, size, { from: step, until: step });
      }
      forgetPeak();
      const [turns, startMs] = [watchTurns(), performance.now()];
      await untilRead({ store, folders, followed, failures, step });
      const seconds = (performance.now() - startMs) / 1000;
      const [{ p99, longest }, peak, resident] = [turns.stop(), peakMebibytes(), residentMebibytes()];
      const perSeries = ((resident - before) * 2 ** 20) / size.runs / size.tensors;
      const what = step === STEPS_BEFORE ? `opened with ${step} steps` : `step ${step}`;
      const memory = [resident, peak, peakMebibytesOf(worker.processId())].map(
        (mebibytes) => `${mebibytes.toFixed(0)} MiB`,
      );
      rows.push([
        size.runs,
        size.tensors,
        what,
        `${seconds.toFixed(1)} s`,
        `${p99.toFixed(1)} ms`,
        `${longest.toFixed(0)} ms`,
        ...memory,
        `${perSeries.toFixed(0)} B`,
      ]);
    }
    folders.forEach((folder, run) => checkRun(store, { folder, run, tensors: size.tensors }));
  } finally {
    followed.forEach((each) => each.dispose());
    book.dispose();
    worker.dispose();
  }
  return rows;
}

const LONGEST_MS = 3_600_000;

interface Waiting {
  readonly store: RunStore;
  readonly folders: readonly string[];
  readonly followed: readonly Followed[];
  readonly failures: readonly unknown[];
  readonly step: number;
}

/** A step's global norm comes with its tensors, which are looked at in the end. */
async function untilRead({ store, folders, followed, failures, step }: Waiting): Promise<void> {
  const isRead = (folder: string): boolean => store.get(folder)?.first("globalNorm")?.count() === step;
  const startMs = performance.now();
  for (let look = 0; !folders.every(isRead); look += 1) {
    if (failures.length > 0 || performance.now() - startMs > LONGEST_MS) {
      throw failures[0] ?? new Error("Some runs were not read in time.");
    }
    if (look % 100 === 0) {
      followed.forEach(({ notice }) => notice(step === STEPS_BEFORE ? "entries" : "content"));
    }
    await setTimeout(50);
  }
}

/** Fails unless each tensor has each step once, in the order of the log, with its own value. */
function checkRun(
  store: RunStore,
  { folder, run, tensors }: { readonly folder: string; readonly run: number; readonly tensors: number },
): void {
  const found = store.get(folder)?.tensors() ?? new Map<string, SourcedSeries>();
  if (found.size !== tensors) {
    throw new Error(`${folder}: ${found.size} tensors of ${tensors}.`);
  }
  for (let tensor = 0; tensor < tensors; tensor += 1) {
    if (!isWhole(found.get(tensorName(tensor)), { run, tensor })) {
      throw new Error(`${folder}: ${tensorName(tensor)} has other samples than its log.`);
    }
  }
}

function isWhole(
  series: SourcedSeries | undefined,
  { run, tensor }: { readonly run: number; readonly tensor: number },
): boolean {
  const [steps, values, lines] = [series?.steps() ?? [], series?.values() ?? [], series?.lines() ?? []];
  const isRight = (at: number): boolean =>
    steps[at] === at + 1 && lines[at] === at && values[at] === normOf({ run, tensor, step: at + 1 });
  return steps.length === STEPS && Array.from(steps.keys()).every(isRight);
}

function tensorName(tensor: number): string {
  return `layers.${tensor >> 3}.w${tensor & 7}`;
}

/** Exact in float32; 64 runs after one another have values of their own. */
function normOf({
  run,
  tensor,
  step,
}: {
  readonly run: number;
  readonly tensor: number;
  readonly step: number;
}): number {
  return (run & 63) * 2048 + step + tensor / 8;
}

function appendSteps(
  folders: readonly string[],
  { tensors }: Size,
  { from, until }: { readonly from: number; readonly until: number },
): void {
  const names = Array.from({ length: tensors }, (_, tensor) => `"grad_norm/${tensorName(tensor)}": `);
  for (const [run, folder] of folders.entries()) {
    for (let step = from; step <= until; step += 1) {
      const norms = names.map((name, tensor) => name + String(normOf({ run, tensor, step })));
      appendFileSync(join(folder, "metrics.jsonl"), `{"step": ${step}, "grad_norm": ${step}, ${norms.join(", ")}}\n`);
    }
  }
}
