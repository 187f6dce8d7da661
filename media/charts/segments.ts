import { createColumn, lowerBound } from "./column.ts";

/** Samples with ascending steps, as columns of equal length. */
export interface Points {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** One logged series. When the steps go back, the later segment wins from its first step on. */
export interface Curve {
  readonly append: (samples: Points) => void;
  /** What counts now, with strictly ascending steps; valid until the next append. */
  readonly current: () => Points;
  /** What a later segment replaced, oldest first. */
  readonly superseded: () => readonly Points[];
}

export function createCurve(): Curve {
  const steps = createColumn();
  const values = createColumn();
  const superseded: Points[] = [];
  let last = Number.NEGATIVE_INFINITY;
  return {
    append(samples) {
      for (let i = 0; i < samples.steps.length; i++) {
        const step = samples.steps[i] ?? Number.NaN;
        if (Number.isFinite(step)) {
          if (step <= last) {
            cutFrom(step);
          }
          steps.push(step);
          values.push(samples.values[i] ?? Number.NaN);
          last = step;
        }
      }
    },
    current: () => ({ steps: steps.view(), values: values.view() }),
    superseded: () => superseded,
  };

  /** A step logged twice keeps its last value; a step back moves the tail aside. */
  function cutFrom(step: number): void {
    const from = lowerBound(steps.view(), step);
    if (step < last) {
      superseded.push({ steps: steps.view().slice(from), values: values.view().slice(from) });
    }
    steps.truncate(from);
    values.truncate(from);
  }
}

export function countPoints(curve: Curve): number {
  return curve.superseded().reduce((sum, points) => sum + points.steps.length, curve.current().steps.length);
}
