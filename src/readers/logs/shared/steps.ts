import type { SeriesChunk } from "#core/series.ts";
import type { Fields } from "./fields.ts";

/** Keys that hold the step, the surest first: beside a global step, `step` is often the step within an epoch. */
const STEP_KEYS: readonly string[] = [
  "global_step",
  "train/global_step",
  "trainer/global_step",
  "training/global_step",
  "global_step/max_steps",
  "step",
  "Step",
  "train/step",
  "_step",
  "num_updates",
  "current_steps",
  "iteration",
  "Iteration",
  "iter",
  "iter_num",
  // Of Stable-Baselines3, which logs nothing finer, and of Ray, whose events have the first of these they find, too.
  "time/total_timesteps",
  "timesteps_total",
  "training_iteration",
];

/** An epoch is a step only in a log that has nothing finer. */
const EPOCH_KEYS: readonly string[] = ["epoch", "Epoch"];

export interface FoundStep {
  readonly key: string;
  readonly step: number;
}

/** The row's step under the key that earlier rows had, else under the best key it has. */
export function findStep(fields: Fields, earlierKey: string | null): FoundStep | undefined {
  if (earlierKey !== null && !isEpochKey(earlierKey)) {
    return stepAt(fields, earlierKey) ?? firstStep(fields, STEP_KEYS);
  }
  return firstStep(fields, STEP_KEYS) ?? firstStep(fields, EPOCH_KEYS);
}

/** The step columns of a table: an epoch column only when there is no other. */
export function stepColumns(header: readonly string[]): number[] {
  const steps = STEP_KEYS.map((key) => header.indexOf(key)).filter((column) => column >= 0);
  return steps.length > 0 ? steps : EPOCH_KEYS.map((key) => header.indexOf(key)).filter((column) => column >= 0);
}

/** A step as a log gives it: a number, its text, or `301/600`. NaN is no step, nor is what no float64 is large enough for. */
export function parseStep(value: unknown): number | undefined {
  const step = typeof value === "number" ? value : stepIn(value);
  return step === undefined || Number.isFinite(step) ? step : undefined;
}

function stepIn(value: unknown): number | undefined {
  const digits =
    typeof value === "string" ? /^\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(?:\/|$)/i.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function firstStep(fields: Fields, keys: readonly string[]): FoundStep | undefined {
  for (const key of keys) {
    const found = stepAt(fields, key);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function stepAt(fields: Fields, key: string): FoundStep | undefined {
  const step = parseStep(fields[key]);
  return step === undefined ? undefined : { key, step };
}

export function isEpochKey(key: string): boolean {
  return EPOCH_KEYS.includes(key);
}

/** The chunk of a log that has no steps but epochs. */
export function byEpochs(chunk: SeriesChunk): SeriesChunk {
  return { ...chunk, axis: "epochs" };
}
