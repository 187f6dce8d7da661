import type { LogContext } from "./logContext.ts";

/** A series of global norms as columns of equal length. */
export interface NormColumns {
  readonly steps: ArrayLike<number>;
  /** NaN and ±Inf included; a missing value is no row. */
  readonly values: ArrayLike<number>;
  /** Zero-based lines of the log. */
  readonly lines: ArrayLike<number>;
}

/** Global norms in the order of the log, and what else the log says at their steps. */
export interface LoggedNorms extends NormColumns, LogContext {
  /** Half a unit of the last digit printed, where values were printed. */
  readonly resolution: number | undefined;
}

/** A 0.000 that was printed says no more than that the norm is smaller than this, which no rule can judge. */
export function isTooCoarse({ values, resolution }: LoggedNorms, row: number): boolean {
  return values[row] === 0 && resolution !== undefined;
}
