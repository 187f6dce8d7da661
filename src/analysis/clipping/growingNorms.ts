import { mergeSorted, sortNorms } from "#core/clipping/sortedNorms.ts";
import type { SortedNorms } from "#core/clipping/sortedNorms.ts";
import { effectOf, sumsAt } from "#core/clipping/threshold.ts";
import type { ClipSums, ThresholdEffect } from "#core/clipping/threshold.ts";

/** Norms that still arrive: the same effects as of all of them sorted at once, but for the rounding of sums. */
export interface GrowingNorms {
  /** A finite positive norm. */
  readonly push: (norm: number) => void;
  readonly length: () => number;
  /** In O(log n), but for the first time after a push, when up to 1000 norms are sorted. */
  readonly measure: (threshold: number) => ThresholdEffect;
  /** All of them in order, in O(n). */
  readonly sorted: () => SortedNorms;
}

const MAX_RECENT = 1000;

export function createGrowingNorms(): GrowingNorms {
  let base = sortNorms([]);
  const recent = new Float64Array(MAX_RECENT);
  let count = 0;
  let sortedRecent: SortedNorms | undefined;

  const recentNorms = (): SortedNorms => (sortedRecent ??= sortNorms(recent.subarray(0, count)));

  function settle(): SortedNorms {
    if (count > 0) {
      base = mergeSorted(base.sorted, recentNorms().sorted);
      sortedRecent = undefined;
      count = 0;
    }
    return base;
  }

  return {
    push(norm) {
      if (count === MAX_RECENT) {
        settle();
      }
      recent[count] = norm;
      count += 1;
      sortedRecent = undefined;
    },
    length: () => base.sorted.length + count,
    measure: (threshold) => effectOf(addSums(sumsAt(base, threshold), sumsAt(recentNorms(), threshold)), threshold),
    sorted: settle,
  };
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
