import type { SeriesChunk, SeriesKey } from "#core/series.ts";
import { createColumn } from "./column.ts";

/** All samples of one series of one log, in the order the log gives them. */
export interface Series {
  readonly key: SeriesKey;
  readonly length: () => number;
  readonly steps: () => Float64Array;
  readonly values: () => Float64Array;
  /** Zero-based lines of the log. */
  readonly lines: () => Float64Array;
  /** How often the step went back, plus one: restarts and resumed runs. */
  readonly segments: () => number;
  /** Value at a step; the last one written where a step is logged twice; undefined when it is not logged. */
  readonly valueAt: (step: number) => number | undefined;
  readonly append: (chunk: SeriesChunk) => void;
}

export function createSeries(key: SeriesKey): Series {
  const steps = createColumn();
  const values = createColumn();
  const lines = createColumn();
  let segments = 0;
  return {
    key,
    length: steps.length,
    steps: steps.values,
    values: values.values,
    lines: lines.values,
    segments: () => segments,
    valueAt: (step) => valueAtStep(steps.values(), values.values(), step),
    append(chunk) {
      segments += countRestarts(steps.values().at(-1) ?? Infinity, chunk.steps);
      steps.append(chunk.steps);
      values.append(chunk.values);
      lines.append(chunk.lines);
    },
  };
}

function countRestarts(before: number, steps: Float64Array): number {
  let restarts = 0;
  let previous = before;
  for (const step of steps) {
    restarts += step < previous ? 1 : 0;
    previous = step;
  }
  return restarts;
}

/** Steps nearly always ascend, so a binary search finds one; where they do not, the last match wins. */
function valueAtStep(steps: Float64Array, values: Float64Array, step: number): number | undefined {
  const guess = lastIndexAtOrBelow(steps, step);
  if (steps[guess] === step) {
    return values[guess];
  }
  const index = steps.lastIndexOf(step);
  return index === -1 ? undefined : values[index];
}

function lastIndexAtOrBelow(steps: Float64Array, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? Infinity) <= step) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}
