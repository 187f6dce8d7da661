import type { ClipVerdict } from "#analysis/clipping/clipState.ts";
import { ofNorm } from "#analysis/normNames.ts";
import { formatNumber } from "#core/format.ts";
import { countWhere } from "#core/numbers.ts";
import type { Numbers } from "#core/numbers.ts";
import { formatNorm } from "#l10n/format.ts";
import { t } from "@vscode/l10n";

/** What a hover says about one logged norm. */
export interface NormFacts {
  /** Null for the global norm. */
  readonly tensor: string | null;
  /** Of a global norm in a run that has several; null where it needs none. */
  readonly norm: string | null;
  readonly runName: string;
  /** As people call it: `step 250`. */
  readonly step: string;
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
  const { tensor, norm, runName, step, value, values } = facts;
  return [
    tensor === null
      ? ofNorm(norm, t("Global gradient norm {0} at {1} of {2}", formatNorm(value), step, runName))
      : t("Gradient norm of {0} {1} at {2} of {3}", tensor, formatNorm(value), step, runName),
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
  if (above === 0 || below === 0) {
    return above === 0
      ? t("the largest of the run's {0} finite norms", finite)
      : t("the smallest of the run's {0} finite norms", finite);
  }
  const share = formatNumber(Math.floor((1000 * below) / finite) / 10);
  return t("larger than {0} % of the run's {1} finite norms", share, finite);
}

function describeClipping({ value, clipping }: NormFacts): string {
  if (clipping === undefined || !Number.isFinite(value)) {
    return "";
  }
  const { verdict, threshold } = clipping;
  const isAbove = threshold !== undefined && value > threshold;
  switch (verdict.state) {
    case "post":
      return t("After clipping at {0}", formatNumber(verdict.threshold));
    case "pre":
      return isAbove
        ? t(
            "Before clipping: the threshold {0} cut it to {1} %",
            formatNumber(threshold),
            formatNumber((100 * threshold) / value),
          )
        : t("Before clipping, below the threshold {0}", formatNumber(verdict.threshold));
    case "undetermined":
      return threshold === undefined ? "" : t("Below the threshold {0}, so not clipped", formatNumber(threshold));
  }
}
