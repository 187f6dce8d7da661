import type { MagnitudeHistogram } from "#core/tensor.ts";

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
