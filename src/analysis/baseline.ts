import { medianOfSorted } from "#core/quantile.ts";

// science: windows of 200 logged points; the MAD floor keeps quantised or constant series from firing.
export const BASELINE_POINTS = 200;
const MAD_TO_SIGMA = 1.4826;
const SPREAD_FLOOR = 0.05;

/** Median and robust spread of the last finite positive values, on the logarithmic scale. */
export interface Baseline {
  readonly length: () => number;
  readonly push: (logValue: number) => void;
  /** Undefined while empty. */
  readonly median: () => number | undefined;
  /** max(1.4826·MAD, 0.05): σ of normal noise, as the median absolute deviation estimates it. */
  readonly spread: () => number;
}

export function createBaseline(): Baseline {
  const arrived: number[] = [];
  const sorted: number[] = [];
  return {
    length: () => sorted.length,
    push(logValue) {
      if (arrived.length === BASELINE_POINTS) {
        const [oldest = 0] = arrived.splice(0, 1);
        sorted.splice(firstIndexAtLeast(sorted, oldest), 1);
      }
      arrived.push(logValue);
      sorted.splice(firstIndexAtLeast(sorted, logValue), 0, logValue);
    },
    median: () => medianOfSorted(sorted),
    spread() {
      const median = medianOfSorted(sorted) ?? 0;
      const deviations = sorted.map((value) => Math.abs(value - median)).toSorted((a, b) => a - b);
      return Math.max(MAD_TO_SIGMA * (medianOfSorted(deviations) ?? 0), SPREAD_FLOOR);
    },
  };
}

function firstIndexAtLeast(sorted: readonly number[], value: number): number {
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
