import { createBlocks } from "./blocks.ts";
import type { Blocks } from "./blocks.ts";
import { createColumn, lowerBound } from "./column.ts";

/** Samples with ascending steps, as columns of equal length. */
export interface Points {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** Extremes of blocks of the values, where someone keeps them. */
  readonly blocks?: Blocks | undefined;
}

/** One logged series. When the steps go back, the later segment wins from its first step on. */
export interface Curve {
  readonly append: (samples: Points) => void;
  /** What counts now, with strictly ascending steps; valid until the next append. */
  readonly current: () => Points;
  /** What a later segment replaced, oldest first. */
  readonly superseded: () => readonly Points[];
}

/** `lowest`: the smallest value that the curve's axis has a place for. */
export function createCurve(lowest: number): Curve {
  const steps = createColumn();
  const values = createColumn();
  const blocks = createBlocks(lowest);
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
      blocks.grow(values.view());
    },
    current: () => ({ steps: steps.view(), values: values.view(), blocks }),
    superseded: () => superseded,
  };

  /** A step logged twice keeps its last value; a step back moves the tail aside. */
  function cutFrom(step: number): void {
    const from = lowerBound(steps.view(), step);
    if (step < last) {
      superseded.push(withBlocks({ steps: steps.view().slice(from), values: values.view().slice(from) }, lowest));
    }
    steps.truncate(from);
    values.truncate(from);
    blocks.truncate(from);
  }
}

function withBlocks(points: Points, lowest: number): Points {
  const blocks = createBlocks(lowest);
  blocks.grow(points.values);
  return { ...points, blocks };
}

export function countPoints(curve: Curve): number {
  return curve.superseded().reduce((sum, points) => sum + points.steps.length, curve.current().steps.length);
}
