/**
 * Processor time and memory of the rules over single tensors, 10,000 tensors × 1,000 steps: `node bench/tensorRules.ts`.
 * Prints one Markdown table.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import { followTensors } from "#analysis/tensors/follow.ts";
import type { TensorFollower } from "#analysis/tensors/follow.ts";
import type { TensorSeries } from "#analysis/tensors/takeNew.ts";
import { RULE_IDS } from "#core/rules.ts";

const TENSORS = 10_000;
const STEPS = 1000;
const MEGA = 1e6;
const STEP_NUMBERS = Float64Array.from({ length: STEPS }, (_, step) => step);

interface Plan {
  readonly name: string;
  /** Steps that arrive together. */
  readonly stride: number;
  readonly normAt: (tensor: number, step: number) => number;
}

const PLANS: readonly Plan[] = [
  { name: "all at once, calm", stride: STEPS, normAt: calm },
  {
    name: "all at once, a third of the tensors dead",
    stride: STEPS,
    normAt: (t, step) => (t < 3333 ? 0 : calm(t, step)),
  },
  { name: "all at once, idle experts", stride: STEPS, normAt: (t, step) => (t % 128 > 4 ? 0 : calm(t, step)) },
  {
    name: "all at once, NaN in every fifth step",
    stride: STEPS,
    normAt: (t, step) => (step % 5 === 0 ? Number.NaN : calm(t, step)),
  },
  { name: "step by step, findings after each", stride: 1, normAt: calm },
];

const [only] = process.argv.slice(2);
if (only === undefined) {
  console.log("| 10,000 tensors × 1,000 steps | s | ms per step | MB kept | findings |");
  console.log("| --- | --- | --- | --- | --- |");
}
for (const [index, plan] of PLANS.entries()) {
  if (only === undefined) {
    // What one plan leaves behind must not be counted for the next.
    execFileSync(process.execPath, ["--expose-gc", import.meta.filename, String(index)], { stdio: "inherit" });
  } else if (only === String(index)) {
    measure(plan);
  }
}

function measure({ name, stride, normAt }: Plan): void {
  const follower = followTensors({ enabled: new Set(RULE_IDS), elementsOf: () => undefined });
  let known = 0;
  const tensors = new Map(
    Array.from({ length: TENSORS }, (_, tensor) => [nameOf(tensor), seriesOf(tensor, normAt, () => known)]),
  );
  const before = usedMegabytes();
  let seconds = 0;
  for (known = stride; known <= STEPS; known += stride) {
    const start = process.cpuUsage();
    judge(follower, tensors);
    const { user, system } = process.cpuUsage(start);
    seconds += (user + system) / MEGA;
  }
  known = STEPS;
  const kept = usedMegabytes() - before;
  const found = follower.findings().length;
  console.log(
    `| ${name} | ${seconds.toFixed(2)} | ${((seconds * 1000) / STEPS).toFixed(2)} | ${kept.toFixed(0)} | ${found} |`,
  );
}

function judge(follower: TensorFollower, tensors: ReadonlyMap<string, TensorSeries>): void {
  follower.update(tensors);
  follower.findings();
}

function calm(tensor: number, step: number): number {
  return 1 + Math.sin(step * 12.9898 + tensor) / 2;
}

function nameOf(tensor: number): string {
  return `model.layers.${Math.floor(tensor / 128)}.mlp.experts.${tensor % 128}.w1.weight`;
}

function seriesOf(tensor: number, normAt: Plan["normAt"], known: () => number): TensorSeries {
  const values = Float32Array.from(STEP_NUMBERS, (step) => normAt(tensor, step));
  return {
    count: known,
    since: (count) => ({
      steps: STEP_NUMBERS.subarray(count, known()),
      values: values.subarray(count, known()),
      lines: STEP_NUMBERS.subarray(count, known()),
    }),
    key: {},
    resolution: () => undefined,
    pathAt: () => "metrics.jsonl",
  };
}

function usedMegabytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { external, heapUsed } = process.memoryUsage();
  return (external + heapUsed) / MEGA;
}
