import { medianOfSorted } from "./quantile.ts";

/**
 * Kendall's τ-a of values in the order of their places: the share of the pairs that rise less that of those that fall, -1
 * to 1. NaN for fewer than two values.
 */
export function kendallTau(values: ArrayLike<number>): number {
  let concordance = 0;
  for (let right = 1; right < values.length; right += 1) {
    for (let left = 0; left < right; left += 1) {
      concordance += Math.sign(at(values, right) - at(values, left));
    }
  }
  return concordance / ((values.length * (values.length - 1)) / 2);
}

/**
 * The slope of a line that a few outliers do not bend: the median of the slopes between all pairs of points (Theil and
 * Sen). Points whose places are equal make no pair. Undefined without a pair.
 */
export function theilSenSlope(places: ArrayLike<number>, values: ArrayLike<number>): number | undefined {
  const slopes: number[] = [];
  for (let right = 1; right < values.length; right += 1) {
    for (let left = 0; left < right; left += 1) {
      const distance = at(places, right) - at(places, left);
      if (distance !== 0) {
        slopes.push((at(values, right) - at(values, left)) / distance);
      }
    }
  }
  return medianOfSorted(Float64Array.from(slopes).toSorted());
}

function at(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] ?? Number.NaN;
}
