/** What a logged number can be. `other` is kept so that nothing in a log is lost, but no rule reads it. */
export const SERIES_KINDS = [
  "globalNorm",
  "tensorNorm",
  "loss",
  "learningRate",
  "lossScale",
  "skippedSteps",
  "nanSteps",
  "clippedShare",
  "weightNorm",
  "other",
] as const;

export type SeriesKind = (typeof SERIES_KINDS)[number];

/** What steps count, when it is not optimizer steps. */
export const AXES = ["samples", "tokens", "epochs"] as const;

export type Axis = (typeof AXES)[number];

/** What one unit of an axis is called where texts are English: for programs, models and the command line. */
export function unitOf(axis: Axis | undefined): "step" | "sample" | "token" | "epoch" {
  return axis === undefined ? "step" : UNITS[axis];
}

const UNITS = { samples: "sample", tokens: "token", epochs: "epoch" } as const;

export interface SeriesKey {
  readonly kind: SeriesKind;
  /** As the log spells it: `grad_norm`, `train/loss`. */
  readonly name: string;
  /** Parameter name for a tensorNorm, else null. */
  readonly tensor: string | null;
  /** What the steps count, when it is not optimizer steps. */
  readonly axis?: Axis;
  /** The values are estimates: norms from the bins of a histogram. */
  readonly isEstimate?: true;
}

/** New samples of one series, as columns of equal length. NaN and ±Inf are values; a missing value is no sample. */
export interface SeriesChunk extends SeriesKey {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** The file that holds the samples, relative to a log that is a folder. */
  readonly file?: string;
  /** Zero-based line, or record of a binary log, that holds the sample. */
  readonly lines: Float64Array;
  /** Seconds since the epoch, where the log has them. */
  readonly wallTimes?: Float64Array;
  /** Half a unit of the last digit printed: a value of 0 is then smaller than this. Missing: values are as computed. */
  readonly resolution?: number;
}
