import { formatNorm, formatNumber } from "#core/format.ts";
import { countWhere } from "#core/numbers.ts";
import type { Numbers } from "#core/numbers.ts";
import { medianOfSorted, quantileOfSorted, sortedFinite } from "#core/quantile.ts";

/** What a hover says about one tensor in one run. */
export interface TensorFacts {
  readonly tensor: string;
  readonly runName: string;
  readonly steps: Numbers;
  readonly values: Numbers;
  /** Part of the squared global norm at the last step. */
  readonly share: number | null;
}

/** The facts as lines of plain text: the same that the sparkline shows, for those who cannot see it. */
export function describeTensor({ runName, steps, values, share }: TensorFacts): readonly string[] {
  const sorted = sortedFinite(values);
  const last = values.at(-1);
  const nonFinite = values.length - sorted.length;
  const zeros = countWhere(values, (value) => value === 0);
  return [
    `Gradient norm ${formatNorm(last)} at step ${steps.at(-1) ?? "?"} of ${runName}`,
    `${describeMiddle(sorted)}, ${plural(values.length)}`,
    share === null ? "" : `${formatNumber(share * 100)} % of the squared global norm`,
    nonFinite === 0 ? "" : `${nonFinite} NaN or Inf, first at step ${firstNonFiniteStep(steps, values)}`,
    zeros === 0 ? "" : `exactly zero at ${plural(zeros)}`,
  ].filter((line) => line !== "");
}

function describeMiddle(sorted: Numbers): string {
  return sorted.length === 0
    ? "no finite value"
    : `median ${formatNorm(medianOfSorted(sorted))}, p99 ${formatNorm(quantileOfSorted(sorted, 0.99))}`;
}

function plural(points: number): string {
  return points === 1 ? "1 point" : `${points} points`;
}

function firstNonFiniteStep(steps: Numbers, values: Numbers): string {
  return String(steps[values.findIndex((value) => !Number.isFinite(value))] ?? "?");
}

/** Names and paths are other people's text: in Markdown they stay text, without links, pictures or HTML. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll(/[\\`*_{}[\]()<>#+\-.!|~$]/g, String.raw`\$&`);
}
