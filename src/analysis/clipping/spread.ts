import { medianOfSorted, quantileOfSorted } from "#core/quantile.ts";
import type { SortedNorms } from "#core/clipping/sortedNorms.ts";

const MAD_TO_SIGMA = 1.4826;
const QUARTILE_TO_SIGMA = 0.6745;
const SPREAD_FLOOR = 0.05;
const SPREADS_ABOVE = 4;

/** exp(m + 4s) with the median m and the robust spread s of ln N: far outside the usual range. Undefined without norms. */
export function spikeThreshold({ sorted }: SortedNorms): number | undefined {
  const logs = sorted.map(Math.log); // The logarithm keeps the order.
  const median = medianOfSorted(logs);
  if (median === undefined) {
    return undefined;
  }
  const deviations = logs.map((log) => Math.abs(log - median)).toSorted();
  return above(median, MAD_TO_SIGMA * (medianOfSorted(deviations) ?? 0));
}

/**
 * The same from the lower half of the norms, for logs whose upper part is cut off: were ln N normal, its spread would be
 * (ln q50 - ln q25)/0.6745.
 */
export function extrapolatedSpikeThreshold({ sorted }: SortedNorms): number | undefined {
  const [quarter, half] = [quantileOfSorted(sorted, 0.25), medianOfSorted(sorted)];
  return quarter === undefined || half === undefined
    ? undefined
    : above(Math.log(half), (Math.log(half) - Math.log(quarter)) / QUARTILE_TO_SIGMA);
}

function above(logMedian: number, spread: number): number {
  return Math.exp(logMedian + SPREADS_ABOVE * Math.max(spread, SPREAD_FLOOR));
}
