import type { IndexRange } from "./pyramid.ts";
import { summarise } from "./node.ts";
import { kindOf, samplesOf } from "./summary.ts";
import type { WeightedValues } from "./summary.ts";
import type { Kept } from "./table.ts";

/**
 * Of each block the first and last sample, the extremes and the first of each kind of value: no extreme is lost, and
 * the weights of a block's samples of one kind add up to how many there were.
 */
export function coarsen(samples: WeightedValues, blocks: Iterable<IndexRange>): Kept {
  const indexes: number[] = [];
  const weights: number[] = [];
  for (const { from, to } of blocks) {
    const summary = summarise(samples, from, to);
    const named = samplesOf(summary);
    const left = Array.from(summary.counts);
    for (const index of named) {
      const kind = kindOf(samples.values[index] ?? Number.NaN);
      left[kind] = (left[kind] ?? 0) - 1;
    }
    for (const index of named) {
      const kind = kindOf(samples.values[index] ?? Number.NaN);
      indexes.push(index);
      weights.push(1 + (left[kind] ?? 0));
      left[kind] = 0;
    }
  }
  return { indexes: Uint32Array.from(indexes), weights: Uint32Array.from(weights) };
}

/** Blocks of `size` samples, none of which reaches over an edge. */
export function* blocksOf({ from, to }: IndexRange, size: number, edges: readonly number[]): Iterable<IndexRange> {
  const inner = edges.filter((edge) => edge > from && edge < to);
  let at = from;
  for (const end of [...inner, to]) {
    for (; at < end; at = Math.min(end, at + size)) {
      yield { from: at, to: Math.min(end, at + size) };
    }
  }
}
