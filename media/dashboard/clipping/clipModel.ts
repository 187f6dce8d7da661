import { roundThreshold } from "#core/clipping/roundThreshold.ts";
import { REFERENCE_THRESHOLDS } from "#core/clipping/references.ts";
import { sortNorms } from "#core/clipping/sortedNorms.ts";
import type { SortedNorms } from "#core/clipping/sortedNorms.ts";
import { thresholdForShare } from "#core/clipping/thresholdForShare.ts";
import { measureThreshold } from "#core/clipping/threshold.ts";
import type { ThresholdEffect } from "#core/clipping/threshold.ts";
import type { Advice } from "#protocol/dashboard/clipping.ts";
import { logRange } from "../../charts/axis.ts";
import type { AxisRange } from "../../charts/axis.ts";
import type { NormHistory } from "./normHistory.ts";

/** The norms of an advice, sorted once, so that each threshold is measured in O(log n). */
export interface ClipModel {
  readonly advice: Advice;
  readonly norms: SortedNorms;
  readonly history: NormHistory;
  /** Thresholds that can be chosen, and the axis they are on: all norms, and every fixed candidate. */
  readonly range: AxisRange;
  /** Undefined without norms. */
  readonly mean: number | undefined;
  /** Where the simulator begins: what the run was trained with, or else the first candidate. */
  readonly start: number;
}

export function createClipModel(advice: Advice): ClipModel {
  const norms = sortNorms(advice.norms);
  const fixed = advice.candidates.flatMap(({ maxNorm }) => (maxNorm === null ? [] : [maxNorm]));
  const ends = [norms.sorted[0], norms.sorted.at(-1), ...fixed].filter((value) => value !== undefined);
  const range = logRange(Math.min(...ends), Math.max(...ends));
  const { length } = norms.sorted;
  const mean = length === 0 ? undefined : (norms.lengths[length] ?? Number.NaN) / length;
  const history = { steps: advice.steps, values: advice.norms, range };
  return { advice, norms, history, range, mean, start: fixed[0] ?? mean ?? 1 };
}

/** What a threshold would have done, as far as the log tells it: null is unknown. */
export interface ShownEffect {
  readonly threshold: number;
  readonly clippedShare: number | null;
  readonly clippedSteps: number | null;
  /** Undefined when the norms are from after clipping: lengths are then not in the log. */
  readonly lengths: ThresholdEffect | undefined;
}

/** As the adviser has it: what rounding leaves of a cut norm is a little less than the threshold. */
const BELOW_CEILING = 0.995;

export function measure({ norms, advice: { ceiling } }: ClipModel, threshold: number): ShownEffect {
  const effect = measureThreshold(norms, threshold);
  const isKnown = ceiling === null || threshold < ceiling * BELOW_CEILING;
  return {
    threshold,
    clippedShare: isKnown ? effect.clippedShare : null,
    clippedSteps: isKnown ? effect.clippedSteps : null,
    lengths: ceiling === null ? effect : undefined,
  };
}

/** The threshold that clips at most a share of the steps, rounded as people write it, and not below. */
export function thresholdClipping({ norms }: ClipModel, share: number): number | undefined {
  const threshold = thresholdForShare(norms, share);
  return threshold === undefined ? undefined : roundThreshold(threshold, 3);
}

/** The conventions that lie on the axis. */
export function referencesIn({ min, max }: AxisRange): typeof REFERENCE_THRESHOLDS {
  return REFERENCE_THRESHOLDS.filter(({ value }) => value > min && value < max);
}
