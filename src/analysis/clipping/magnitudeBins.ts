import type { MagnitudeHistogram } from "#core/tensor.ts";
import type { ElementStatistics } from "./elementStatistics.ts";

/** So many elements with low ≤ |x| ≤ high. */
export interface MagnitudeBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

// The outermost bins also hold what lies beyond them.
const [SMALLEST_EXPONENT, LARGEST_EXPONENT] = [-149, 128];

/** The bins of a histogram, none of which reaches beyond the largest element. */
export function binsOf({ firstExponent, counts }: MagnitudeHistogram, linf: number): readonly MagnitudeBin[] {
  return counts.map((count, index) => {
    const exponent = firstExponent + index;
    const low = exponent === SMALLEST_EXPONENT ? 0 : 2 ** exponent;
    return { low, high: exponent === LARGEST_EXPONENT ? linf : Math.min(2 ** (exponent + 1), linf), count };
  });
}

/** A tensor's statistics with the bins of its histogram. */
export interface BinnedTensor extends Pick<ElementStatistics, "l1" | "l2" | "linf"> {
  readonly bins: readonly MagnitudeBin[];
}

/** A tensor whose elements are counted in units of that size. */
export function inUnitsOf({ l1, l2, linf, histogram }: ElementStatistics, unit: number): BinnedTensor {
  const bins = binsOf(histogram, linf).map(({ low, high, count }) => ({ low: low / unit, high: high / unit, count }));
  return { bins, l1: l1 / unit, l2: l2 / unit, linf: linf / unit };
}
