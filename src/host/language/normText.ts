import type { ClipVerdict } from "#analysis/clipping/clipState.ts";
import { formatNorm, formatNumber } from "#core/format.ts";
import { countWhere } from "#core/numbers.ts";
import type { Numbers } from "#core/numbers.ts";

/** What a hover says about one logged norm. */
export interface NormFacts {
  /** Null for the global norm. */
  readonly tensor: string | null;
  readonly runName: string;
  readonly step: number;
  readonly value: number;
  /** All of its series. */
  readonly values: Numbers;
  /** Of the global norm alone. */
  readonly clipping: { readonly verdict: ClipVerdict; readonly threshold: number | undefined } | undefined;
  /** Messages of the findings whose episode the step is in. */
  readonly findings: readonly string[];
  /** Why the logged number may not be the norm of the whole gradient. */
  readonly suspicions: readonly string[];
}

/** The facts as lines of plain text. */
export function describeNorm(facts: NormFacts): readonly string[] {
  const { tensor, runName, step, value, values } = facts;
  return [
    `${tensor === null ? "Global gradient norm" : `Gradient norm of ${tensor}`} ${formatNorm(value)} at step ${step} of ${runName}`,
    describeRank(value, values),
    describeClipping(facts),
    ...facts.findings,
    ...facts.suspicions,
  ].filter((line) => line !== "");
}

/** Ties count as not smaller, so that the largest of all is above 99.8 % of 400 others and not above itself. */
function describeRank(value: number, values: Numbers): string {
  const finite = countWhere(values, Number.isFinite);
  if (!Number.isFinite(value) || finite < 2) {
    return "";
  }
  const below = countWhere(values, (other) => other < value);
  const above = countWhere(values, (other) => other > value && Number.isFinite(other));
  const extreme = above === 0 ? "the largest" : below === 0 ? "the smallest" : "";
  const share = `larger than ${formatNumber(Math.floor((1000 * below) / finite) / 10)} % of the run's ${finite} finite norms`;
  return extreme === "" ? share : `${extreme} of the run's ${finite} finite norms`;
}

function describeClipping({ value, clipping }: NormFacts): string {
  if (clipping === undefined || !Number.isFinite(value)) {
    return "";
  }
  const { verdict, threshold } = clipping;
  const isAbove = threshold !== undefined && value > threshold;
  switch (verdict.state) {
    case "post":
      return `After clipping at ${formatNumber(verdict.threshold)}`;
    case "pre":
      return isAbove
        ? `Before clipping: the threshold ${formatNumber(threshold)} cut it to ${formatNumber((100 * threshold) / value)} %`
        : `Before clipping, below the threshold ${formatNumber(verdict.threshold)}`;
    case "undetermined":
      return threshold === undefined ? "" : `Below the threshold ${formatNumber(threshold)}, so not clipped`;
  }
}
