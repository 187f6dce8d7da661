import { formatNumber } from "#core/format.ts";
import { intervalOf } from "./bootstrap.ts";
import type { ClipCandidate, ClipMethod } from "./candidate.ts";
import { ESTIMATES, describeShare } from "./estimates.ts";
import type { Estimate } from "./estimates.ts";
import { roundThreshold } from "#core/clipping/roundThreshold.ts";
import type { SortedNorms } from "#core/clipping/sortedNorms.ts";
import { measureThreshold } from "#core/clipping/threshold.ts";
import type { ThresholdEffect } from "#core/clipping/threshold.ts";
import { percent } from "#l10n/format.ts";
import { t } from "@vscode/l10n";

export interface CandidateOptions {
  /** The threshold the run was trained with. */
  readonly configured: number | undefined;
  /** Thresholds somebody asks about. */
  readonly given: readonly number[];
  readonly digits: 2 | 3;
  /** Resamples of few norms, for the range of each threshold; none of many. */
  readonly resamples: readonly SortedNorms[];
}

/** Thresholds that stay the same, of norms from before clipping. There is at least one norm. */
export function fixedCandidates(norms: SortedNorms, options: CandidateOptions): readonly ClipCandidate[] {
  const { configured, given, digits } = options;
  const fixed: readonly FixedThreshold[] = [
    ...(configured === undefined ? [] : [{ method: "keep", threshold: configured, reason: describeKept } as const]),
    ...given.map((threshold) => ({ method: "given", threshold, reason: describeGiven }) as const),
  ];
  const estimates = ESTIMATES.filter(({ isWanted }) => isWanted?.(norms) ?? true);
  return [
    ...fixed.map(({ threshold, ...rest }) => describe(norms, { ...rest, estimate: () => threshold }, options)),
    ...estimates.map(({ estimate, ...rest }) => {
      const rounded = (some: SortedNorms): number | undefined => {
        const threshold = estimate(some);
        return threshold === undefined ? undefined : roundThreshold(threshold, digits);
      };
      return describe(norms, { ...rest, estimate: rounded }, options);
    }),
  ].flat();
}

interface FixedThreshold {
  readonly method: ClipMethod;
  readonly threshold: number;
  readonly reason: (effect: ThresholdEffect) => string;
}

function describe(
  norms: SortedNorms,
  { method, estimate, reason }: Estimate,
  { resamples }: CandidateOptions,
): ClipCandidate[] {
  const threshold = estimate(norms);
  if (threshold === undefined) {
    return [];
  }
  const effect = measureThreshold(norms, threshold);
  const { clippedShare, meanCoefficient, retainedLength } = effect;
  const maxNorms = intervalOf(resamples, estimate);
  const shares = intervalOf(resamples, (some) => measureThreshold(some, threshold).clippedShare);
  const range =
    maxNorms === undefined || shares === undefined ? {} : { range: { maxNorm: maxNorms, clippedShare: shares } };
  return [
    { method, maxNorm: threshold, clippedShare, meanCoefficient, retainedLength, reason: reason(effect), ...range },
  ];
}

const [NEVER, ALWAYS] = [0.001, 0.9];

function describeKept(effect: ThresholdEffect): string {
  const { threshold, clippedShare, meanCoefficientOfClipped } = effect;
  const value = formatNumber(threshold);
  if (meanCoefficientOfClipped === undefined) {
    return t("The threshold of the run, {0}, clipped no logged step: it acts as no limit.", value);
  }
  const facts = [value, percent(clippedShare), formatNumber(Number(meanCoefficientOfClipped.toPrecision(2)))] as const;
  if (clippedShare < NEVER) {
    return t(
      "The threshold of the run, {0}, clips {1} of the steps, on average to {2} of their length: it acts as no limit.",
      ...facts,
    );
  }
  return clippedShare > ALWAYS
    ? t(
        "The threshold of the run, {0}, clips {1} of the steps, on average to {2} of their length: it acts as normalisation.",
        ...facts,
      )
    : t("The threshold of the run, {0}, clips {1} of the steps, on average to {2} of their length.", ...facts);
}

function describeGiven(effect: ThresholdEffect): string {
  return t("Would have clipped {0}.", describeShare(effect));
}
