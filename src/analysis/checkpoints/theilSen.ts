import { medianOfSorted } from "#core/quantile.ts";

export interface Trend {
  /** Median of the slopes of all pairs of points: one wild point does not move it (Theil and Sen). */
  readonly slope: number;
  /** Kendall's τ-a: from −1, all pairs fall, to 1, all rise. */
  readonly tau: number;
}

/** The trend of values at 0, 1, 2, …; undefined of fewer than two. All are finite. */
export function trendOf(values: readonly number[]): Trend | undefined {
  const slopes: number[] = [];
  let signs = 0;
  for (const [to, value] of values.entries()) {
    for (const [from, earlier] of values.slice(0, to).entries()) {
      slopes.push((value - earlier) / (to - from));
      signs += Math.sign(value - earlier);
    }
  }
  const slope = medianOfSorted(slopes.toSorted((a, b) => a - b));
  return slope === undefined ? undefined : { slope, tau: signs / slopes.length };
}
