import { formatNumber } from "#core/format.ts";
import type { ClipCandidate } from "./candidate.ts";
import type { CandidateOptions } from "./fixedCandidates.ts";
import { thresholdForShare } from "#core/clipping/thresholdForShare.ts";
import { roundThreshold } from "#core/clipping/roundThreshold.ts";
import type { SortedNorms } from "#core/clipping/sortedNorms.ts";
import { extrapolatedSpikeThreshold } from "./spread.ts";
import { measureThreshold } from "#core/clipping/threshold.ts";
import { percent } from "#l10n/format.ts";
import { t } from "@vscode/l10n";

export interface Ceiling {
  /** The threshold that was used. */
  readonly threshold: number;
  /** Share of the norms that are cut off there. */
  readonly share: number;
}

/**
 * Thresholds of norms from after clipping. What was above the used threshold is written as the threshold, so shares
 * below it are exact, and everything about lengths above it is unknown: null.
 */
export function censoredCandidates(
  norms: SortedNorms,
  { threshold: used, share }: Ceiling,
  { given, digits }: CandidateOptions,
): readonly ClipCandidate[] {
  const candidate = (method: ClipCandidate["method"], maxNorm: number, reason: string): ClipCandidate => {
    const clippedShare = maxNorm < used * BELOW_CEILING ? measureThreshold(norms, maxNorm).clippedShare : null;
    return { method, maxNorm, clippedShare, meanCoefficient: null, retainedLength: null, reason };
  };
  const kept = candidate("keep", used, t("Cut {0} of the norms; by how much is not in the log.", percent(share)));
  const asked = given.map((maxNorm) => candidate("given", maxNorm, describeGiven(maxNorm, used)));
  const estimates = ESTIMATES.flatMap(({ method, clippedShare, reason }) => {
    const threshold = thresholdForShare(norms, clippedShare);
    return threshold === undefined || threshold >= used * BELOW_CEILING
      ? []
      : [candidate(method, roundThreshold(threshold, digits), reason())];
  });
  const spikes = extrapolatedSpikeThreshold(norms);
  return [
    { ...kept, clippedShare: share },
    ...asked,
    ...(spikes === undefined ? [] : [candidate("spikesOnly", roundThreshold(spikes, digits), extrapolated())]),
    ...estimates,
  ];
}

// What rounding and the 1e-6 of torch leave of a cut norm is a little less than the threshold.
const BELOW_CEILING = 0.995;

function extrapolated(): string {
  return t(
    "Extrapolated from the lower half of the norms: were they log-normal, only steps far outside the usual range would be above.",
  );
}

const ESTIMATES = [
  { method: "usualPractice", clippedShare: 0.1, reason: () => t("Clips about 1 step in 10.") },
  {
    method: "normalising",
    clippedShare: 0.9,
    reason: () => t("Clips about 90 % of the steps; behaves like normalised gradients."),
  },
] as const;

function describeGiven(maxNorm: number, used: number): string {
  return maxNorm < used * BELOW_CEILING
    ? t("The share is exact: it is below the threshold that was used.")
    : t("Not below {0}, where the log is cut off: what it would clip is not in the log.", formatNumber(used));
}
