import { mergeSorted, sortNorms } from "./sortedNorms.ts";
import type { SortedNorms } from "./sortedNorms.ts";
import { effectOf, isClipped, sumsAt } from "./threshold.ts";
import type { ClipSums, ThresholdEffect } from "./threshold.ts";

/** Norms that still arrive: the same effects as of all of them sorted at once, but for the rounding of sums. */
export interface GrowingNorms {
  /** A finite positive norm. */
  readonly push: (norm: number) => void;
  readonly length: () => number;
  /** In O(log n) and a pass over at most the last 1000 norms. */
  readonly measure: (threshold: number) => ThresholdEffect;
  /** All of them in order. */
  readonly sorted: () => SortedNorms;
}

const MAX_UNSORTED = 1000;

export function createGrowingNorms(): GrowingNorms {
  let base = sortNorms([]);
  const recent = new Float64Array(MAX_UNSORTED);
  let pending = 0;

  function settle(): SortedNorms {
    if (pending > 0) {
      base = mergeSorted(base.sorted, recent.slice(0, pending).sort());
      pending = 0;
    }
    return base;
  }

  return {
    push(norm) {
      if (pending === MAX_UNSORTED) {
        settle();
      }
      recent[pending] = norm;
      pending += 1;
    },
    length: () => base.sorted.length + pending,
    measure: (threshold) =>
      effectOf(addSums(sumsAt(base, threshold), sumsOf(recent.subarray(0, pending), threshold)), threshold),
    sorted: settle,
  };
}

function sumsOf(norms: Float64Array, threshold: number): ClipSums {
  let [clipped, keptLength, keptSquares, clippedInverses, length, squares, max] = [0, 0, 0, 0, 0, 0, 0];
  for (const norm of norms) {
    length += norm;
    squares += norm * norm;
    max = Math.max(max, norm);
    if (isClipped(norm, threshold)) {
      clipped += 1;
      clippedInverses += 1 / norm;
    } else {
      keptLength += norm;
      keptSquares += norm * norm;
    }
  }
  return { steps: norms.length, clipped, keptLength, keptSquares, clippedInverses, length, squares, max };
}

function addSums(a: ClipSums, b: ClipSums): ClipSums {
  return {
    steps: a.steps + b.steps,
    clipped: a.clipped + b.clipped,
    keptLength: a.keptLength + b.keptLength,
    keptSquares: a.keptSquares + b.keptSquares,
    clippedInverses: a.clippedInverses + b.clippedInverses,
    length: a.length + b.length,
    squares: a.squares + b.squares,
    max: Math.max(a.max, b.max),
  };
}
