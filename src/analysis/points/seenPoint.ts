import type { Axis } from "#core/series.ts";

/** One logged global norm, with what else the log says at its step and what its series says about it so far. */
export interface SeenPoint {
  readonly step: number;
  /** What the step counts, when it is not optimizer steps. */
  readonly axis: Axis | undefined;
  /** NaN and ±Inf included; a missing value is no point. */
  readonly value: number;
  /** Zero-based line of the log. */
  readonly line: number;
  /** Undefined where the log has none at this step, like the next two. */
  readonly loss: number | undefined;
  readonly lossScale: number | undefined;
  /** The norms that other processes of the training print for this step. */
  readonly rankNorms: readonly number[] | undefined;
  /** Half a unit of the last digit printed, where values were printed. */
  readonly resolution: number | undefined;
  /** How many finite positive norms its segment has before it: what all windows are counted in. */
  readonly index: number;
  /** ln‖g‖; NaN where the norm is not finite and positive, which no baseline takes. */
  readonly log: number;
  /** The warm-up is over. */
  readonly isWarm: boolean;
  /** A change that moves norms by itself, within the last 50 points. */
  readonly change: ContextChange | undefined;
  /** Steps since the last point, this one included, that fp16 loss scaling gave up, as its counters and scale tell. */
  readonly skipped: number;
}

/** The learning rate jumped by more than a factor of 2 from one point to the next. */
export interface ContextChange {
  readonly step: number;
  readonly index: number;
  readonly from: number;
  readonly to: number;
}
