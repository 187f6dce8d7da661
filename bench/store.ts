/**
 * Memory and time of the store with ten million samples of one run: `node bench/store.ts`.
 * Prints one Markdown table.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import type { LogBatch } from "#core/log.ts";
import type { SeriesChunk } from "#core/series.ts";
import { ALL_STEPS } from "#store/columns/bucket.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";

const SAMPLES = 10_000_000;
const BATCH = 50_000;
const TENSORS = 10_000;
const MEGA = 1e6;

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
const POSITION = { format: "jsonl", offset: 0, line: 0, identity: "", carry: "" } as const;

interface Plan {
  readonly name: string;
  readonly maxSamples?: number;
  readonly isFloat32: boolean;
  readonly hasWallTimes: boolean;
  readonly tensors: number;
}

const PLANS: readonly Plan[] = [
  { name: "one series, float32 values", isFloat32: true, hasWallTimes: false, tensors: 1 },
  { name: "one series, float64 values, wall times", isFloat32: false, hasWallTimes: true, tensors: 1 },
  { name: "10,000 tensors × 1,000 steps, float32", isFloat32: true, hasWallTimes: false, tensors: TENSORS },
  { name: "10,000 tensors × 1,000 steps, float64, wall times", isFloat32: false, hasWallTimes: true, tensors: TENSORS },
  { name: "one series, 1,000,000 kept", maxSamples: 1e6, isFloat32: true, hasWallTimes: false, tensors: 1 },
  { name: "10,000 tensors, 1,000,000 kept", maxSamples: 1e6, isFloat32: true, hasWallTimes: false, tensors: TENSORS },
];

const [only] = process.argv.slice(2);
if (only === undefined) {
  console.log("| what | MB kept | MB at peak | s to append | ms for 2,000 buckets | µs for valueAt | kept |");
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
}
for (const [index, plan] of PLANS.entries()) {
  if (only === undefined) {
    // What one plan leaves behind must not be counted for the next.
    execFileSync(process.execPath, ["--expose-gc", import.meta.filename, String(index)], { stdio: "inherit" });
  } else if (only === String(index)) {
    measure(plan);
  }
}

function measure(plan: Plan): void {
  const before = usedMegabytes();
  const run = createRun("/run", () => plan.maxSamples ?? Infinity);
  const { seconds, peak } = fill(run, plan);
  const kept = usedMegabytes() - before;
  const [series] = run.series();
  const bucketsMs = timeOf(20, () => series?.buckets(ALL_STEPS, 2000));
  const valueMs = timeOf(10_000, (turn) => series?.valueAt((turn * 7919) % (SAMPLES / plan.tensors)));
  const length = run.series().reduce((sum, one) => sum + one.length(), 0);
  const cells = [kept.toFixed(0), (peak - before).toFixed(0), seconds.toFixed(2), bucketsMs.toFixed(2)];
  console.log(`| ${[plan.name, ...cells, (valueMs * 1000).toFixed(2), length].join(" | ")} |`);
}

function fill(run: Run, plan: Plan): { readonly seconds: number; readonly peak: number } {
  let seconds = 0;
  let peak = 0;
  for (let from = 0; from < SAMPLES; from += BATCH) {
    const batch = batchOf(plan, from);
    const start = performance.now();
    run.append(LOG, batch);
    seconds += (performance.now() - start) / 1000;
    const { external, heapUsed } = process.memoryUsage();
    peak = Math.max(peak, (external + heapUsed) / MEGA);
  }
  return { seconds, peak };
}

/** A training that logs every tensor at every step, one line each. */
function batchOf({ tensors, isFloat32, hasWallTimes }: Plan, from: number): LogBatch {
  const steps = Float64Array.from({ length: BATCH / tensors }, (_, index) => from / tensors + index);
  const chunks = Array.from({ length: tensors }, (_, tensor): SeriesChunk => {
    const values = steps.map((step) => 1 + Math.sin(step * 12.9898 + tensor) / 2);
    return {
      kind: "tensorNorm",
      name: `grad_norm/${tensor}`,
      tensor: `layers.${tensor}.weight`,
      steps,
      values: isFloat32 ? values.map(Math.fround) : values,
      lines: steps,
      ...(hasWallTimes ? { wallTimes: steps.map((step) => 1.7e9 + step * 0.1) } : {}),
    };
  });
  return { chunks, position: POSITION, restarted: false, more: true, clipThreshold: null, problems: [] };
}

function usedMegabytes(): number {
  globalThis.gc?.();
  globalThis.gc?.(); // What lay in buffers is free with the second one.
  const { external, heapUsed } = process.memoryUsage();
  return (external + heapUsed) / MEGA;
}

function timeOf(turns: number, task: (turn: number) => unknown): number {
  const start = performance.now();
  for (let turn = 0; turn < turns; turn += 1) {
    task(turn);
  }
  return (performance.now() - start) / turns;
}
