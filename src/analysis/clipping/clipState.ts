import { formatNumber } from "#core/format.ts";
import { countWhere } from "#core/numbers.ts";
import { quantileOfSorted } from "#core/quantile.ts";
import { t } from "@vscode/l10n";

export type ClipState = "pre" | "post" | "undetermined";

/** Whether a log holds norms from before or after clipping, with what says so. */
export type ClipVerdict =
  | { readonly state: "pre"; readonly norm: number; readonly threshold: number; readonly message: string }
  | { readonly state: "post"; readonly threshold: number; readonly share: number; readonly message: string }
  | { readonly state: "undetermined"; readonly message: string };

export interface ClipEvidence {
  /** The threshold the run was configured with. */
  readonly threshold?: number | undefined;
  /** Half a unit of the last digit printed, where values were printed with few. */
  readonly resolution?: number | undefined;
}

// Printed and bfloat16 norms are off by rounding, and clip_grad_norm_ adds 1e-6 to the denominator.
const ABOVE_THRESHOLD = 1.01;

/**
 * A norm above the configured threshold proves `pre`, since clipping would have cut it. Many norms at one highest value
 * show `post`. Anything else is the same log either way. NaN counts for nothing; Infinity is above every threshold.
 */
export function clipVerdictOf(norms: ArrayLike<number>, { threshold, resolution = 0 }: ClipEvidence = {}): ClipVerdict {
  const sorted = Float64Array.from(norms).filter(isFinitePositive).toSorted();
  const limit = findCeiling(sorted, resolution);
  const chosen = limit === undefined ? undefined : chosenNear(limit.value, threshold);
  // One number again and again is a frozen log, unless it is the threshold.
  const isCeiling = !isOneNumber(sorted) || (threshold !== undefined && chosen === threshold);
  if (limit !== undefined && isCeiling) {
    const used = chosen ?? limit.value;
    const share = Number((100 * limit.share).toPrecision(2));
    const message = t(
      "Logged norms saturate at {0} ({1} % of them): this is the norm after clipping.",
      formatNumber(used),
      share,
    );
    return { state: "post", threshold: used, share: limit.share, message };
  }
  if (threshold === undefined) {
    return { state: "undetermined", message: t("No clip threshold is known, and the norms reach no common ceiling.") };
  }
  const norm = firstAbove(norms, threshold * ABOVE_THRESHOLD);
  if (norm === undefined) {
    const message = t(
      "No norm is above the threshold {0}: before and after clipping are the same.",
      formatNumber(threshold),
    );
    return { state: "undetermined", message };
  }
  const message = t(
    "A logged norm of {0} is above the threshold {1}: this is the norm before clipping.",
    formatNumber(norm),
    formatNumber(threshold),
  );
  return { state: "pre", norm, threshold, message };
}

/** Whether nearly all norms are exactly the same. */
export function isOneNumber(sorted: Float64Array): boolean {
  const rank = Math.floor(FEW * sorted.length);
  return sorted.length > 0 && sorted[rank] === sorted[sorted.length - 1 - rank];
}

const FEW = 0.01;

/** The verdict in one word, as `gradlens log` gives it. */
export function clipStateOf(norms: ArrayLike<number>, evidence: ClipEvidence): ClipState {
  return clipVerdictOf(norms, evidence).state;
}

const MIN_NORMS = 30;
const MIN_AT_CEILING = 5;
const MIN_SHARE = 0.03;
const MAX_SHARE_ABOVE = 0.001;
const CEILING_QUANTILE = 0.999;
// Norms printed in coarser steps than this are equal by rounding.
const MAX_PRINTED_STEP = 0.05;
const [BELOW, ABOVE] = [0.005, 0.002];
// Norms that are all alike lie near their highest value too, but are not equal, and just as many lie below.
const [EQUAL, EQUAL_SHARE] = [0.001, 0.5];
const TIMES_NEIGHBOURS = 2;

/** The value that at least 3 % of the norms, and hardly any exceed, share; undefined when there is none. */
function findCeiling(
  sorted: Float64Array,
  resolution: number,
): { readonly value: number; readonly share: number } | undefined {
  const value = quantileOfSorted(sorted, CEILING_QUANTILE);
  if (value === undefined || sorted.length < MIN_NORMS || 2 * resolution > MAX_PRINTED_STEP * value) {
    return undefined;
  }
  const [low, high] = [value * (1 - BELOW), value * (1 + ABOVE)];
  const step = Math.max((BELOW + ABOVE) * value, 3 * resolution); // Covers the next value that can be printed.
  const above = countWhere(sorted, (norm) => norm > high);
  const atCeiling = countWhere(sorted, (norm) => norm >= low && norm <= high);
  const equal = countWhere(sorted, (norm) => norm >= value * (1 - EQUAL) && norm <= high);
  const neighbours = countWhere(sorted, (norm) => norm >= low - step && norm < low);
  const isCeiling =
    atCeiling >= Math.max(MIN_AT_CEILING, MIN_SHARE * sorted.length) &&
    above <= MAX_SHARE_ABOVE * sorted.length &&
    equal >= EQUAL_SHARE * atCeiling &&
    atCeiling >= TIMES_NEIGHBOURS * neighbours;
  return isCeiling ? { value, share: atCeiling / sorted.length } : undefined;
}

/** People choose round thresholds, and logs round: the configured one, or one with two digits, if it is that near. */
function chosenNear(value: number, configured: number | undefined): number | undefined {
  const isNear = (candidate: number): boolean => Math.abs(candidate / value - 1) <= ABOVE;
  const round = [1, 2].map((digits) => Number(value.toPrecision(digits)));
  return [...(configured === undefined ? [] : [configured]), ...round].find(isNear);
}

function firstAbove(norms: ArrayLike<number>, limit: number): number | undefined {
  for (let index = 0; index < norms.length; index += 1) {
    const norm = norms[index] ?? Number.NaN;
    if (norm > limit) {
      return norm;
    }
  }
  return undefined;
}

function isFinitePositive(norm: number): boolean {
  return norm > 0 && Number.isFinite(norm);
}
