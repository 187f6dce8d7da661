/**
 * Time to sort a million norms, to measure a threshold, as a slider does, and to give the whole advice:
 * `node bench/clipping.ts`. Prints one Markdown table.
 */
import { adviseClipping } from "#analysis/clipping/advice.ts";
import { sortNorms } from "#core/clipping/sortedNorms.ts";
import { measureThreshold } from "#core/clipping/threshold.ts";
import { noisyNorms } from "../test/support/norms.ts";

const NORMS = 1_000_000;
const MOVES = 100_000;
const TURNS = 7;
const [TENSORS, STEPS] = [1000, 1000];

const norms = Float64Array.from(noisyNorms(NORMS, { sigma: 0.5, phi: 0.9 }));
const sorted = sortNorms(norms);

const rows = [
  ["sort 1,000,000 norms, with sums", medianMs(() => sortNorms(norms)), 1],
  ["measure a threshold among them", medianMs(() => moveSlider((limit) => measureThreshold(sorted, limit))), MOVES],
  ["advice on 1,000,000 norms", medianMs(() => advise(NORMS)), 1],
  ["advice on the last 2,000 of them", medianMs(() => advise(2000)), 1],
  ["advice with 1,000 tensors × 1,000 steps", medianMs(adviseWithTensors), 1],
] as const;
console.log("| what | time |");
console.log("| --- | --- |");
for (const [what, ms, times] of rows) {
  console.log(`| ${what} | ${times === 1 ? `${ms.toFixed(0)} ms` : `${((1000 * ms) / times).toFixed(2)} µs`} |`);
}

function medianMs(task: () => unknown): number {
  const times = Array.from({ length: TURNS }, () => {
    const start = performance.now();
    task();
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(TURNS / 2)] ?? Number.NaN;
}

function moveSlider(measure: (limit: number) => { readonly clippedShare: number }): number {
  let sum = 0;
  for (let move = 0; move < MOVES; move += 1) {
    sum += measure(0.1 + (3 * move) / MOVES).clippedShare;
  }
  return sum;
}

function advise(last: number, tensors: readonly Float64Array[] = []): unknown {
  const values = tensors.length === 0 ? norms : norms.subarray(0, STEPS);
  const steps = Float64Array.from(values.keys());
  return adviseClipping({
    logged: { steps, values, learningRateAt: () => undefined },
    key: {},
    resolution: undefined,
    configured: 1,
    given: [],
    findings: [],
    tensors: tensors.map((one, index) => ({ name: `tensor ${index}`, steps, values: one })),
    history: { last },
  });
}

function adviseWithTensors(): unknown {
  return advise(
    STEPS,
    Array.from({ length: TENSORS }, (_, tensor) => norms.subarray(tensor * STEPS, (tensor + 1) * STEPS)),
  );
}
