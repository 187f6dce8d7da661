import { medianOfSorted } from "#core/quantile.ts";

const MAD_TO_SIGMA = 1.4826;

/** The last so many numbers of a series, kept sorted: binary search and one move per number. */
export interface Window {
  readonly length: () => number;
  /** Takes a number in; returns the one that leaves for it, undefined while the window fills. */
  readonly push: (value: number) => number | undefined;
  /** Undefined while empty. */
  readonly median: () => number | undefined;
  /** 1.4826 times the median absolute deviation: σ of normal noise. 0 while empty. */
  readonly spread: () => number;
}

export function createWindow(size: number): Window {
  const arrived = new Float64Array(size);
  const buffer = new Float64Array(size);
  let sorted = buffer.subarray(0, 0);
  let pushed = 0;
  return {
    length: () => sorted.length,
    push(value) {
      const slot = pushed % size;
      const isFull = pushed >= size;
      const leaving = isFull ? (arrived[slot] ?? Number.NaN) : undefined;
      if (!isFull) {
        sorted = buffer.subarray(0, pushed + 1);
        sorted[pushed] = Infinity; // The place that the new value takes, below.
      }
      replaceInSorted(sorted, leaving ?? Infinity, value);
      arrived[slot] = value;
      pushed += 1;
      return leaving;
    },
    median: () => medianOfSorted(sorted),
    spread: () => MAD_TO_SIGMA * medianDeviation(sorted),
  };
}

/** Takes one value out and puts one in, moving only what lies between them. */
function replaceInSorted(sorted: Float64Array, old: number, now: number): void {
  let place = firstIndexAtLeast(sorted, old);
  for (; place + 1 < sorted.length && (sorted[place + 1] ?? Infinity) < now; place += 1) {
    sorted[place] = sorted[place + 1] ?? Infinity;
  }
  for (; place > 0 && (sorted[place - 1] ?? -Infinity) > now; place -= 1) {
    sorted[place] = sorted[place - 1] ?? -Infinity;
  }
  sorted[place] = now;
}

function firstIndexAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Walks from the median to both sides, always to the nearer value, until half of the values are behind. */
function medianDeviation(sorted: Float64Array): number {
  const median = medianOfSorted(sorted) ?? 0;
  const middle = (sorted.length - 1) / 2;
  let right = firstIndexAtLeast(sorted, median);
  let left = right - 1;
  let before = 0;
  let deviation = 0;
  for (let taken = 0; taken <= Math.ceil(middle) && taken < sorted.length; taken += 1) {
    const below = median - (sorted[left] ?? -Infinity);
    const above = (sorted[right] ?? Infinity) - median;
    before = deviation;
    deviation = Math.min(below, above);
    if (below < above) {
      left -= 1;
    } else {
      right += 1;
    }
  }
  return Number.isInteger(middle) ? deviation : (before + deviation) / 2;
}
