import { medianOfSorted } from "./quantile.ts";

/** A straight line through points that a few outliers do not bend. */
export interface Trend {
  /** Median of the slopes between all pairs of points (Theil and Sen). */
  readonly slope: number;
  /** Kendall's τ-a: share of the pairs that rise less that of those that fall, -1 to 1. */
  readonly tau: number;
}

/** The trend of `ys` over different, finite `xs`, in O(n²). Undefined for fewer than two points. */
export function trendOf(xs: ArrayLike<number>, ys: ArrayLike<number>): Trend | undefined {
  const slopes: number[] = [];
  let concordance = 0;
  for (let right = 1; right < xs.length; right += 1) {
    for (let left = 0; left < right; left += 1) {
      const slope = (at(ys, right) - at(ys, left)) / (at(xs, right) - at(xs, left));
      slopes.push(slope);
      concordance += Math.sign(slope);
    }
  }
  const slope = medianOfSorted(Float64Array.from(slopes).toSorted());
  return slope === undefined ? undefined : { slope, tau: concordance / slopes.length };
}

function at(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] ?? Number.NaN;
}
