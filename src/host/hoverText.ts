import { formatNorm, formatNumber } from "#core/format.ts";
import { medianOfSorted, quantileOfSorted, sortedFinite } from "#core/quantile.ts";

/** What a hover says about one tensor in one run. */
export interface TensorFacts {
  readonly tensor: string;
  readonly runName: string;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** Part of the squared global norm at the last step. */
  readonly share: number | null;
}

/** The facts as lines of plain text: the same that the sparkline shows, for those who cannot see it. */
export function describeTensor({ runName, steps, values, share }: TensorFacts): readonly string[] {
  const sorted = sortedFinite(values);
  const last = values.at(-1);
  const nonFinite = values.length - sorted.length;
  const zeros = values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
  return [
    `Gradient norm ${formatNorm(last)} at step ${steps.at(-1) ?? "?"} of ${runName}`,
    `median ${formatNorm(medianOfSorted(sorted))}, p99 ${formatNorm(quantileOfSorted(sorted, 0.99))}, ${values.length} points`,
    share === null ? "" : `${formatNumber(share * 100)} % of the squared global norm`,
    nonFinite === 0 ? "" : `${nonFinite} NaN or Inf, first at step ${firstNonFiniteStep(steps, values)}`,
    zeros === 0 ? "" : `exactly zero at ${zeros} points`,
  ].filter((line) => line !== "");
}

function firstNonFiniteStep(steps: Float64Array, values: Float64Array): string {
  return String(steps[values.findIndex((value) => !Number.isFinite(value))] ?? "?");
}
