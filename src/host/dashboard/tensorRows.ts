import { rankBySquare } from "#analysis/rankBySquare.ts";
import { medianOfSorted, quantileOfSorted, sortedFinite } from "#core/quantile.ts";
import { RECENT_VALUES } from "#protocol/dashboard/tensorRows.ts";
import type { TensorRow } from "#protocol/dashboard/tensorRows.ts";
import { countNonFinite } from "#store/columns/bucket.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";

export type Quantiles = Pick<TensorRow, "median" | "p99">;

/** The tensors of a run with what is known of each. */
export function describeTensors(run: Run): TensorRow[] {
  const shares = sharesOf(run);
  return Array.from(run.tensors(), ([name, series]) => ({
    ...describeTensor(name, series, shares.get(name) ?? null),
    ...quantilesOf(series),
  }));
}

/** Without the quantiles, which take by far the longest. */
export function describeTensor(
  name: string,
  series: SourcedSeries,
  share: number | null,
): Omit<TensorRow, keyof Quantiles> {
  const counts = series.counts();
  return {
    name,
    last: series.last()?.value ?? Number.NaN,
    share,
    nonFinite: countNonFinite(counts),
    zeros: counts.zero,
    recent: Float64Array.from(series.values().subarray(-RECENT_VALUES)),
  };
}

/** Of the finite norms; null without any. */
export function quantilesOf(series: SourcedSeries): Quantiles {
  const sorted = sortedFinite(series.values());
  return { median: medianOfSorted(sorted) ?? null, p99: quantileOfSorted(sorted, 0.99) ?? null };
}

/** Each tensor's part of the squared norm at the last step, for those that were logged there. */
export function sharesOf(run: Run): ReadonlyMap<string, number | null> {
  const [first] = run.tensors().values();
  const lastStep = (run.first("globalNorm") ?? first)?.last()?.step;
  const ranked = rankBySquare(lastStep === undefined ? new Map() : run.tensorNormsAt(lastStep));
  return new Map(ranked.map(({ tensor, share }) => [tensor, share === null ? null : Math.fround(share)]));
}
