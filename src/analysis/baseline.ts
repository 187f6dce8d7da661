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
  const arrived = new Float64Array(BASELINE_POINTS);
  const buffer = new Float64Array(BASELINE_POINTS);
  let sorted = buffer.subarray(0, 0);
  let pushed = 0;
  return {
    length: () => sorted.length,
    push(logValue) {
      const slot = pushed % BASELINE_POINTS;
      if (pushed < BASELINE_POINTS) {
        sorted = buffer.subarray(0, pushed + 1);
        sorted[pushed] = Infinity; // The place that the new value takes, below.
      }
      replaceInSorted(sorted, { old: pushed < BASELINE_POINTS ? Infinity : (arrived[slot] ?? 0), now: logValue });
      arrived[slot] = logValue;
      pushed += 1;
    },
    median: () => medianOfSorted(sorted),
    spread() {
      const median = medianOfSorted(sorted) ?? 0;
      const deviations = sorted.map((value) => Math.abs(value - median)).toSorted();
      return Math.max(MAD_TO_SIGMA * (medianOfSorted(deviations) ?? 0), SPREAD_FLOOR);
    },
  };
}

/** Takes one value out and puts one in, moving only what lies between them. */
function replaceInSorted(sorted: Float64Array, { old, now }: { readonly old: number; readonly now: number }): void {
  const from = firstIndexAtLeast(sorted, old);
  const to = firstIndexAtLeast(sorted, now);
  if (to > from) {
    sorted.copyWithin(from, from + 1, to);
    sorted[to - 1] = now;
  } else {
    sorted.copyWithin(to + 1, to, from);
    sorted[to] = now;
  }
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
