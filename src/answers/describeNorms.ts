import { unitOf } from "#core/series.ts";
import { whatCounts } from "#analysis/tensors/whatCounts.ts";
import { formatNumber } from "#core/format.ts";
import { countWhere } from "#core/numbers.ts";
import { medianOfSorted, quantileOfSorted } from "#core/quantile.ts";
import type { SourcedSeries } from "#store/series.ts";

export interface StepRange {
  readonly from: number;
  readonly until: number;
}

/** The norms of one series in a range of steps. What a restart replaced is left out. */
export interface NormSummary {
  readonly points: number;
  /** Of the finite norms; undefined when there are none. */
  readonly median: number | undefined;
  /** Of NaN and ±Inf. */
  readonly nonFinite: number;
  readonly text: string;
}

export function summariseNorms(series: SourcedSeries, { from, until }: StepRange): NormSummary {
  const counting = whatCounts({ steps: series.steps(), values: series.values(), lines: series.lines() });
  const steps: number[] = [];
  const values: number[] = [];
  for (let index = 0; index < counting.steps.length; index += 1) {
    const [step, value] = [counting.steps[index] ?? Number.NaN, counting.values[index] ?? Number.NaN];
    if (step >= from && step <= until) {
      steps.push(step);
      values.push(value);
    }
  }
  const sorted = Float64Array.from(values).filter(Number.isFinite).toSorted();
  const nonFinite = values.length - sorted.length;
  return {
    points: values.length,
    median: medianOfSorted(sorted),
    nonFinite,
    text: [
      `${values.length} points`,
      ...spread(sorted, { steps, values, unit: unitOf(series.key.axis) }),
      ...special(values),
    ].join("; "),
  };
}

interface Listed {
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** What the steps count: step, epoch. */
  readonly unit: string;
}

function spread(sorted: Float64Array, { steps, values, unit }: Listed): string[] {
  const most = sorted.at(-1);
  const [last, lastStep] = [values.at(-1), steps.at(-1)];
  if (last === undefined || lastStep === undefined) {
    return [];
  }
  const ending = `last ${formatNumber(last)} at ${unit} ${lastStep}`;
  if (most === undefined) {
    return [ending];
  }
  const quantiles = [
    `min ${formatNumber(sorted[0] ?? Number.NaN)}`,
    `median ${formatNumber(medianOfSorted(sorted) ?? Number.NaN)}`,
    `p95 ${formatNumber(quantileOfSorted(sorted, 0.95) ?? Number.NaN)}`,
    `max ${formatNumber(most)} at ${unit} ${steps[values.indexOf(most)] ?? lastStep}`,
  ];
  return [quantiles.join(", "), ending];
}

/** NaN, Inf, zero and placeholders below zero are four things that no quantile shows. */
function special(values: readonly number[]): string[] {
  const counts = [
    [countWhere(values, Number.isNaN), "NaN"],
    [countWhere(values, (value) => Math.abs(value) === Infinity), "Inf"],
    [countWhere(values, (value) => value === 0), "exactly 0"],
    [countWhere(values, (value) => value < 0 && Number.isFinite(value)), "negative placeholders"],
  ] as const;
  return counts.filter(([many]) => many > 0).map(([many, what]) => `${many} ${what}`);
}
