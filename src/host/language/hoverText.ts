import { formatNorm, formatNumber } from "#core/format.ts";
import { countWhere } from "#core/numbers.ts";
import type { Numbers } from "#core/numbers.ts";
import { medianOfSorted, quantileOfSorted, sortedFinite } from "#core/quantile.ts";
import type { TensorKind, TensorNorms } from "#core/tensor.ts";
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
  { steps, values, isEstimate, share, rank, of }: LoggedFacts,
  runName: string,
): readonly string[] {
  const recent = values.subarray(-MOST_SORTED);
  const sorted = sortedFinite(recent);
  const nonFinite = countWhere(values, (value) => !Number.isFinite(value));
  const zeros = countWhere(values, (value) => value === 0);
  const points =
    recent.length < values.length ? `the last ${recent.length} of ${values.length} points` : plural(values.length);
  const place = rank === undefined ? "" : `rank ${rank} of ${of}`;
  const part = share === null ? "" : `${formatNumber(share * 100)} % of the squared global norm`;
  return [
    `Gradient norm ${formatNorm(values.at(-1))}${isEstimate ? " (estimate)" : ""} at step ${steps.at(-1) ?? "?"} of ${runName}`,
    `${describeMiddle(sorted)}, ${points}`,
    [part, place].filter((one) => one !== "").join(", "),
    nonFinite === 0 ? "" : `${nonFinite} NaN or Inf, first at step ${firstNonFiniteStep(steps, values)}`,
    zeros === 0 ? "" : `exactly zero at ${plural(zeros)}`,
  ];
}

const KIND_NAMES: Readonly<Record<TensorKind, string>> = {
  gradient: "Gradient",
  weight: "Weight",
  moment1: "First moment",
  moment2: "Second moment",
  momentum: "Momentum",
  other: "Other",
};

function describeStored({ norms, checkpoint }: StoredFacts): string {
  const { kind, l2, rms, zeros, nan, posInf, negInf, dtype, shape } = norms;
  const broken = nan + posInf + negInf;
  return [
    `${KIND_NAMES[kind]} norm ${kind === "gradient" ? formatNorm(l2) : formatNumber(l2)}, rms ${formatNumber(rms)} in ${checkpoint}`,
    `${shape.length === 0 ? "scalar" : shape.join("×")} ${dtype}`,
    ...(zeros === null || zeros === 0 ? [] : [`${zeros} zeros`]),
    ...(broken === 0 ? [] : [`${broken} NaN or Inf`]),
  ].join(", ");
}

function describeUpdate({ relative, perStep, before, after }: MeasuredUpdate): string {
  const between = `from ${before} to ${after}`;
  if (perStep === null) {
    return `Moved by ${formatNumber(relative * 100)} % of its norm ${between}`;
  }
  const [low, high] = [perStep.low, perStep.high].map((ratio) => ratio.toExponential(1));
  return `Update-to-weight ratio ${low} to ${high} a step, ${between}`;
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
