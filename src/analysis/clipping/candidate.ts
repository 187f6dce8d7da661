import type { Interval } from "./bootstrap.ts";

export type ClipMethod =
  | "given"
  | "keep"
  | "spikesOnly"
  | "tail"
  | "usualPractice"
  | "pascanuLow"
  | "pascanuHigh"
  | "normalising"
  | "zclip"
  | "adagc"
  | "olmoRatio";

/** One way to clip, with what it would have done to the recorded run. Null is what cannot be told, or does not exist. */
export interface ClipCandidate {
  readonly method: ClipMethod;
  /** Null for adaptive methods, whose limit changes with every step. */
  readonly maxNorm: number | null;
  /** Of the steps; of methods per tensor, of all tensors × steps. */
  readonly clippedShare: number | null;
  readonly meanCoefficient: number | null;
  readonly retainedLength: number | null;
  /** Why one would take it, in a sentence. */
  readonly reason: string;
  /** Of few steps: where 90 % of block-bootstrap resamples put the threshold and the share. */
  readonly range?: { readonly maxNorm: Interval; readonly clippedShare: Interval };
}
