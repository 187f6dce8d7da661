import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Run } from "#store/run.ts";
import { createRunStore } from "#store/runStore.ts";
import { follow } from "./follow.ts";
import { type LoadTable, residentMebibytes } from "./loadPart.ts";

interface Size {
  readonly runs: number;
  readonly tensors: number;
}

// A series takes some kilobytes of its own, so 200 runs of 10,000 tensors would not fit into an extension host.
const SIZES: readonly Size[] = [
  { runs: 200, tensors: 100 },
  { runs: 10, tensors: 10_000 },
];
const STEPS = 4;

/** Many runs, and runs of many tensors, which all grow by a step at a time. */
export async function followManyRuns(root: string): Promise<LoadTable> {
  const rows: (string | number)[][] = [];
  for (const size of SIZES) {
    rows.push(...(await followRuns(join(root, String(size.runs)), size)));
  }
  return {
    columns: ["runs", "tensors in each", "step", "until all were read", "resident", "for each series"],
    rows,
    summary: "Each sample of each tensor was there once.",
  };
}

async function followRuns(root: string, { runs, tensors }: Size): Promise<readonly (string | number)[][]> {
  const store = createRunStore();
  const failures: unknown[] = [];
  const before = residentMebibytes();
  const folders = Array.from({ length: runs }, (_, at) => join(root, `run${at}`));
  const followed = folders.map((folder) => {
    mkdirSync(folder, { recursive: true });
    return follow(folder, { store, onError: (error) => failures.push(error) });
  });
  const rows: (string | number)[][] = [];
  try {
    for (let step = 1; step <= STEPS; step += 1) {
      const line = lineOf(step, tensors);
      folders.forEach((folder) => appendFileSync(join(folder, "metrics.jsonl"), line));
      const startMs = performance.now();
      const look = (): void => followed.forEach(({ notice }) => notice(step === 1 ? "entries" : "content"));
      await untilRead(folders, { look, failures, isDone: (folder) => isRead(store.get(folder), { tensors, step }) });
      const resident = residentMebibytes();
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      rows.push([
        runs,
        tensors,
        step,
        `${seconds} s`,
        `${resident.toFixed(0)} MiB`,
        `${(((resident - before) * 2 ** 20) / runs / tensors).toFixed(0)} B`,
      ]);
    }
  } finally {
    followed.forEach((each) => each.dispose());
  }
  return rows;
}

const LONGEST_MS = 600_000;

interface Waiting {
  readonly look: () => void;
  readonly failures: readonly unknown[];
  readonly isDone: (folder: string) => boolean;
}

async function untilRead(folders: readonly string[], { look, failures, isDone }: Waiting): Promise<void> {
  const startMs = performance.now();
  for (let left = folders; left.length > 0; left = left.filter((folder) => !isDone(folder))) {
    if (failures.length > 0 || performance.now() - startMs > LONGEST_MS) {
      throw failures[0] ?? new Error(`${left.length} runs were not read in time.`);
    }
    look();
    for (let turn = 0; turn < 200; turn += 1) {
      await setImmediate();
    }
  }
}

/** Each tensor's norm and the global one, once at each step. */
function isRead(run: Run | undefined, { tensors, step }: { readonly tensors: number; readonly step: number }): boolean {
  const series = run?.series() ?? [];
  return series.length > tensors && series.every((each) => each.count() === step);
}

function lineOf(step: number, tensors: number): string {
  const names = Array.from(
    { length: tensors },
    (_, at) => `"grad_norm/layers.${at >> 3}.w${at & 7}": ${step + at / 8}`,
  );
  return `{"step": ${step}, "grad_norm": ${step}, ${names.join(", ")}}\n`;
}
