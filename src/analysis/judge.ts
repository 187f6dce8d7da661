import type { Detector } from "./detector.ts";
import type { LogContext } from "./logContext.ts";
import type { NormPoint } from "./rule.ts";

/** A series of global norms as columns of equal length. */
export interface NormColumns {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Zero-based lines of the log. */
  readonly lines: ArrayLike<number>;
}

export interface JudgeOptions extends LogContext {
  readonly from: number;
  /** Where values were printed: a 0.000 says no more than that the norm is smaller than this, which no rule can judge. */
  readonly resolution: number | undefined;
}

/** Gives a detector the points from index `from` on; returns the index to go on from. */
export function judge(detector: Pick<Detector, "push">, columns: NormColumns, options: JudgeOptions): number {
  const { steps, values } = columns;
  for (let index = options.from; index < steps.length; index += 1) {
    const isTooCoarse = values[index] === 0 && options.resolution !== undefined;
    if (!isTooCoarse) {
      detector.push(pointAt(index, columns, options));
    }
  }
  return steps.length;
}

function pointAt(index: number, { steps, values, lines }: NormColumns, options: JudgeOptions): NormPoint {
  const step = steps[index] ?? Number.NaN;
  return {
    step,
    value: values[index] ?? Number.NaN,
    line: lines[index] ?? 0,
    resolution: options.resolution,
    learningRate: options.learningRateAt?.(step),
    loss: options.lossAt?.(step),
    lossScale: options.lossScaleAt?.(step),
    skippedSteps: options.skippedStepsAt?.(step),
    nanSteps: options.nanStepsAt?.(step),
    rankNorms: options.rankNormsAt?.(step),
  };
}
