import { quantileOfSorted } from "#core/quantile.ts";
import { createRandom } from "./random.ts";
import { sortNorms } from "#core/clipping/sortedNorms.ts";
import type { SortedNorms } from "#core/clipping/sortedNorms.ts";

/** Between these the middle 90 % of the resamples lie. */
export type Interval = readonly [low: number, high: number];

// Neighbouring norms are alike, so blocks of them are drawn and not single ones.
const BLOCK = 25;
const RESAMPLES = 200;
const SEED = 1;

/**
 * Resamples of norms in the order of their steps; the same ones each time. Blocks may run over the end to the beginning
 * (circular block bootstrap), so that every norm is drawn as often as every other.
 */
export function resample(norms: Float64Array): readonly SortedNorms[] {
  const random = createRandom(SEED);
  const block = Math.min(BLOCK, norms.length);
  const twice = Float64Array.of(...norms, ...norms);
  return Array.from({ length: RESAMPLES }, () => {
    const drawn = new Float64Array(norms.length);
    for (let at = 0; at < drawn.length; at += block) {
      const from = Math.floor(random() * norms.length);
      drawn.set(twice.subarray(from, from + Math.min(block, drawn.length - at)), at);
    }
    return sortNorms(drawn);
  });
}

/** The interval of a number over resamples; undefined where it has none. */
export function intervalOf(
  resamples: readonly SortedNorms[],
  measure: (norms: SortedNorms) => number | undefined,
): Interval | undefined {
  const values = resamples.map(measure).filter((value) => value !== undefined);
  const sorted = Float64Array.from(values).toSorted();
  const [low, high] = [quantileOfSorted(sorted, 0.05), quantileOfSorted(sorted, 0.95)];
  return low === undefined || high === undefined ? undefined : [low, high];
}
