import type { ClipMethod } from "./candidate.ts";
import { thresholdForShare } from "#core/clipping/thresholdForShare.ts";
import type { SortedNorms } from "#core/clipping/sortedNorms.ts";
import { spikeThreshold } from "./spread.ts";
import { measureThreshold } from "#core/clipping/threshold.ts";
import type { ThresholdEffect } from "#core/clipping/threshold.ts";
import { percent } from "#l10n/format.ts";
import { t } from "@vscode/l10n";

/** A way to find a threshold from norms. */
export interface Estimate {
  readonly method: ClipMethod;
  readonly estimate: (norms: SortedNorms) => number | undefined;
  readonly reason: (effect: ThresholdEffect) => string;
  readonly isWanted?: (norms: SortedNorms) => boolean;
}

const [PASCANU_LOW, PASCANU_HIGH] = [0.5, 10];

/** Rules of thumb, each with its reason. */
export const ESTIMATES: readonly Estimate[] = [
  {
    method: "spikesOnly",
    estimate: spikeThreshold,
    reason: (effect) => t("Touches only steps far outside the usual range: {0}.", describeShare(effect)),
  },
  {
    method: "tail",
    estimate: (norms) => thresholdForShare(norms, 0.01),
    reason: (effect) => t("Cuts the heavy tail and little else: {0}.", describeShare(effect)),
    isWanted: hasHeavyTail,
  },
  {
    method: "usualPractice",
    estimate: (norms) => thresholdForShare(norms, 0.1),
    reason: (effect) => t("Would have clipped the largest tenth: {0}.", describeShare(effect)),
  },
  {
    method: "normalising",
    estimate: (norms) => thresholdForShare(norms, 0.9),
    reason: (effect) => t("Clips {0}; behaves like normalised gradients.", describeShare(effect)),
  },
  {
    method: "pascanuLow",
    estimate: (norms) => PASCANU_LOW * meanOf(norms),
    reason: () =>
      t(
        "Half the mean norm. From there to ten times the mean, training was seen to still converge, at different speed (Pascanu et al., arXiv 1211.5063).",
      ),
  },
  {
    method: "pascanuHigh",
    estimate: (norms) => PASCANU_HIGH * meanOf(norms),
    reason: () => t("Ten times the mean norm, the upper end of that range."),
  },
];

/** For sentences: `about 1 step in 10`. */
export function describeShare({ clippedShare, clippedSteps }: ThresholdEffect): string {
  if (clippedSteps === 0) {
    return t("no logged step");
  }
  return clippedShare > 0.2
    ? t("{0} of the steps", percent(clippedShare))
    : t("about 1 step in {0}", Math.round(1 / clippedShare));
}

/** Far more norms than the 0.003 % of a normal ln N lie above four spreads: the spread says little about the rest. */
export function hasHeavyTail(norms: SortedNorms): boolean {
  const { clippedShare, clippedSteps } = measureThreshold(norms, spikeThreshold(norms) ?? Infinity);
  return clippedSteps >= MIN_IN_TAIL && clippedShare > HEAVY_SHARE;
}

const [MIN_IN_TAIL, HEAVY_SHARE] = [3, 0.005];

function meanOf({ sorted, lengths }: SortedNorms): number {
  return (lengths.at(-1) ?? Number.NaN) / sorted.length;
}
