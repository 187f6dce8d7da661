import type { Numbers } from "./numbers.ts";

/** Value below which the share `q` in [0, 1] of the sorted values lies, interpolated linearly. Empty gives undefined. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number | undefined {
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  if (low === undefined || high === undefined) {
    return undefined;
  }
  return low + (high - low) * (position - Math.floor(position));
}

/** Of an even number of values the mean of the two in the middle; undefined of none. */
export function medianOfSorted(sorted: ArrayLike<number>): number | undefined {
  const low = sorted[(sorted.length - 1) >> 1];
  const high = sorted[sorted.length >> 1];
  return low === undefined || high === undefined ? undefined : low + (high - low) / 2;
}

/** Finite values in ascending order: NaN and ±Inf have no rank and are left out. */
export function sortedFinite(values: Numbers): Numbers {
  return values.filter(Number.isFinite).toSorted();
}
