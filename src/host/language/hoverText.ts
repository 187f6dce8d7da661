import { formatNumber } from "#core/format.ts";
import { countWhere } from "#core/numbers.ts";
import type { Numbers } from "#core/numbers.ts";
import { medianOfSorted, quantileOfSorted, sortedFinite } from "#core/quantile.ts";
import type { TensorKind, TensorNorms } from "#core/tensor.ts";
import { countPoints } from "#l10n/counts.ts";
import { formatNorm } from "#l10n/format.ts";
import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import type { MeasuredUpdate } from "./updatesBook.ts";

/** What a hover says about one tensor in one run. */
export interface TensorFacts {
  readonly runName: string;
  /** Undefined where the log has no norms of it. */
  readonly logged: LoggedFacts | undefined;
  /** From the newest checkpoint that has it, kind by kind. */
  readonly stored: readonly StoredFacts[];
  readonly update: MeasuredUpdate | undefined;
}

export interface LoggedFacts {
  readonly steps: Numbers;
  /** What the steps count, when it is not optimizer steps. */
  readonly axis?: Axis | undefined;
  readonly values: Numbers;
  readonly isEstimate: boolean;
  /** Part of the squared global norm at the last step. */
  readonly share: number | null;
  /** Place among the tensors of the last step, the largest norm first; undefined where it is not finite. */
  readonly rank: number | undefined;
  readonly of: number;
}

export interface StoredFacts {
  readonly norms: TensorNorms;
  readonly checkpoint: string;
}

/** The facts as lines of plain text: the same that the sparkline shows, for those who cannot see it. */
export function describeTensor({ runName, logged, stored, update }: TensorFacts): readonly string[] {
  return [
    ...(logged === undefined ? [] : describeLogged(logged, runName)),
    ...stored.map(describeStored),
    ...(update === undefined ? [] : [describeUpdate(update)]),
  ].filter((line) => line !== "");
}

// Sorting more would take longer than a hover may.
const MOST_SORTED = 50_000;

function describeLogged(
  { steps, axis, values, isEstimate, share, rank, of }: LoggedFacts,
  runName: string,
): readonly string[] {
  const recent = values.subarray(-MOST_SORTED);
  const sorted = sortedFinite(recent);
  const nonFinite = countWhere(values, (value) => !Number.isFinite(value));
  const zeros = countWhere(values, (value) => value === 0);
  const points =
    recent.length < values.length
      ? t("the last {0} of {1} points", recent.length, values.length)
      : countPoints(values.length);
  const last = stepName(steps.at(-1) ?? "?", axis);
  const place = rank === undefined ? "" : t("rank {0} of {1}", rank, of);
  const part = share === null ? "" : t("{0} % of the squared global norm", formatNumber(share * 100));
  return [
    isEstimate
      ? t("Gradient norm {0} (estimate) at {1} of {2}", formatNorm(values.at(-1)), last, runName)
      : t("Gradient norm {0} at {1} of {2}", formatNorm(values.at(-1)), last, runName),
    `${describeMiddle(sorted)}, ${points}`,
    [part, place].filter((one) => one !== "").join(", "),
    nonFinite === 0
      ? ""
      : t("{0} NaN or Inf, first at {1}", nonFinite, stepName(firstNonFiniteStep(steps, values), axis)),
    zeros === 0 ? "" : t("exactly zero at {0}", countPoints(zeros)),
  ];
}

const STORED_NORM: Readonly<Record<TensorKind, (...facts: [norm: string, rms: string, place: string]) => string>> = {
  gradient: (...facts) => t("Gradient norm {0}, RMS {1} in {2}", ...facts),
  weight: (...facts) => t("Weight norm {0}, RMS {1} in {2}", ...facts),
  moment1: (...facts) => t("First moment norm {0}, RMS {1} in {2}", ...facts),
  moment2: (...facts) => t("Second moment norm {0}, RMS {1} in {2}", ...facts),
  momentum: (...facts) => t("Momentum norm {0}, RMS {1} in {2}", ...facts),
  other: (...facts) => t("Other norm {0}, RMS {1} in {2}", ...facts),
};

function describeStored({ norms, checkpoint }: StoredFacts): string {
  const { kind, l2, rms, zeros, nan, posInf, negInf, dtype, shape } = norms;
  const broken = nan + posInf + negInf;
  return [
    STORED_NORM[kind](kind === "gradient" ? formatNorm(l2) : formatNumber(l2), formatNumber(rms), checkpoint),
    `${shape.length === 0 ? t("scalar") : shape.join(" × ")} ${dtype}`,
    ...(zeros === null || zeros === 0 ? [] : [t("{0} zeros", zeros)]),
    ...(broken === 0 ? [] : [t("{0} NaN or Inf", broken)]),
  ].join(", ");
}

function describeUpdate({ relative, perStep, before, after }: MeasuredUpdate): string {
  if (perStep === null) {
    return t("Moved by {0} % of its norm from {1} to {2}", formatNumber(relative * 100), before, after);
  }
  const [low, high] = [perStep.low.toExponential(1), perStep.high.toExponential(1)];
  return t("Update-to-weight ratio {0} to {1} a step, from {2} to {3}", low, high, before, after);
}

function describeMiddle(sorted: Numbers): string {
  return sorted.length === 0
    ? t("no finite value")
    : t("median {0}, p99 {1}", formatNorm(medianOfSorted(sorted)), formatNorm(quantileOfSorted(sorted, 0.99)));
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
