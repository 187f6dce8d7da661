import type { Detector } from "./detector.ts";

/** A series of global norms as columns of equal length. */
export interface NormColumns {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Zero-based lines of the log. */
  readonly lines: ArrayLike<number>;
}

/** Gives a detector the points from index `from` on; returns the index to go on from. */
export function judge(
  detector: Detector,
  { steps, values, lines }: NormColumns,
  { from, learningRateAt }: { readonly from: number; readonly learningRateAt: (step: number) => number | undefined },
): number {
  for (let index = from; index < steps.length; index += 1) {
    const [step, value, line] = [steps[index], values[index], lines[index]];
    if (step !== undefined && value !== undefined && line !== undefined) {
      detector.push({ step, value, line, learningRate: learningRateAt(step) });
    }
  }
  return steps.length;
}
