/** What may be wrong with a logged number, as one of the things that happen. */
export type SuspicionKind =
  | "ratioBetweenRuns"
  | "ratioAtRestart"
  | "followsLossScale"
  | "smallerThanTensor"
  | "oneSideClipped"
  | "scaledAgainstTensors"
  | "smallerThanTensors"
  | "missingTensors"
  | "placeholder"
  | "staleRepeat"
  | "bfloat16"
  | "rankLocal"
  | "accumulating";

/** A reason to doubt that the logged norm is the norm of the whole gradient. */
export interface Suspicion {
  readonly kind: SuspicionKind;
  /** Proven by arithmetic; everything else is likely and no more. */
  readonly isProven: boolean;
  /** One sentence for people: `Suspect because …`. */
  readonly sentence: string;
  readonly evidence: Evidence;
}

export interface Evidence {
  /** Steps, pairs of steps or changes that speak for it, and how many were looked at. */
  readonly count: number;
  readonly of: number;
  readonly firstStep: number;
  readonly lastStep: number;
  /** The factor, threshold, period or share that was found; undefined where there is none. */
  readonly value?: number;
  /** Robust spread of the logarithm of the ratios. */
  readonly spread?: number;
}

/** Samples of one series, ascending by step: what no restart replaced. */
export interface Curve {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Values that a norm can have; NaN, ±Inf, 0 and placeholders have no ratio. */
export function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0 && value < Infinity;
}
