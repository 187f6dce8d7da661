import type { SeriesChunk } from "#core/series.ts";
import { GLOBAL } from "./logs.ts";
import type { Random } from "./random.ts";

export interface Samples {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

const SPECIAL = [Number.NaN, Infinity, -Infinity, 0, -0, -1, 5e-324, 1e300];

/** A training that restarts every so many samples, with values of every kind. */
export function randomSamples(random: Random, length: number, restartEvery = 200): Samples {
  const steps: number[] = [];
  let step = random.below(5);
  for (let index = 0; index < length; index += 1) {
    steps.push(step);
    step = random.below(restartEvery) === 0 ? random.below(step + 1) : step + random.below(3);
  }
  const values = steps.map(() => (random.below(20) === 0 ? random.pick(SPECIAL) : (1 + random.below(1e6)) / 1024));
  return { steps, values };
}

/** The samples from `from` to `to`; sample n stands in line n and was written at second n. */
export function chunkOf({ steps, values }: Samples, from = 0, to = steps.length): SeriesChunk {
  const lines = Float64Array.from({ length: to - from }, (_, index) => from + index);
  return {
    ...GLOBAL,
    steps: Float64Array.from(steps.slice(from, to)),
    values: Float64Array.from(values.slice(from, to)),
    lines,
    wallTimes: lines,
  };
}

/** The samples cut into chunks of random lengths. */
export function randomSplit(random: Random, samples: Samples): SeriesChunk[] {
  const chunks: SeriesChunk[] = [];
  for (let from = 0; from < samples.steps.length;) {
    const to = Math.min(samples.steps.length, from + random.below(random.pick([2, 40, 700])));
    chunks.push(chunkOf(samples, from, to));
    from = to;
  }
  return chunks;
}

/** Index of the sample that counts at each step: a later segment replaces all from its first step on. */
export function currentIndexes({ steps }: Samples): number[] {
  let current: number[] = [];
  steps.forEach((step, index) => {
    if (step < (steps[index - 1] ?? Infinity)) {
      current = current.filter((at) => (steps[at] ?? 0) < step);
    }
    current.push(index);
  });
  return current;
}
