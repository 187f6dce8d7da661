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
export function judge(detector: Detector, { steps, values, lines }: NormColumns, options: JudgeOptions): number {
  const { from, resolution, ...context } = options;
  for (let index = from; index < steps.length; index += 1) {
    const [step, value, line] = [steps[index], values[index], lines[index]];
    const isTooCoarse = value === 0 && resolution !== undefined;
    if (step !== undefined && value !== undefined && line !== undefined && !isTooCoarse) {
      detector.push({ step, value, line, resolution, ...contextAt(step, context) });
    }
  }
  return steps.length;
}

type PointContext = Omit<NormPoint, "step" | "value" | "line" | "resolution">;

function contextAt(step: number, context: LogContext): PointContext {
  return {
    learningRate: context.learningRateAt?.(step),
    loss: context.lossAt?.(step),
    lossScale: context.lossScaleAt?.(step),
    skippedSteps: context.skippedStepsAt?.(step),
    nanSteps: context.nanStepsAt?.(step),
    rankNorms: context.rankNormsAt?.(step),
  };
}
