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
  /** A value of 0 is only known to be smaller than this; undefined where values are as computed. */
  readonly resolution: () => number | undefined;
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
  const segmentStarts: number[] = [];
  let resolution: number | undefined;
  return {
    key,
    length: steps.length,
    steps: steps.values,
    values: values.values,
    lines: lines.values,
    resolution: () => resolution,
    segments: () => segmentStarts.length,
    valueAt: (step) => values.values()[lastIndexOf(steps.values(), step, segmentStarts)],
    append(chunk) {
      const before = steps.values().at(-1) ?? Infinity;
      for (const index of restarts(before, chunk.steps)) {
        segmentStarts.push(steps.length() + index);
      }
      steps.append(chunk.steps);
      values.append(chunk.values);
      lines.append(chunk.lines);
      if (chunk.resolution !== undefined) {
        resolution = Math.max(resolution ?? 0, chunk.resolution);
      }
    },
  };
}

/** Indexes of the steps that are smaller than the one before. */
function restarts(before: number, steps: Float64Array): number[] {
  const found: number[] = [];
  let previous = before;
  steps.forEach((step, index) => {
    if (step < previous) {
      found.push(index);
    }
    previous = step;
  });
  return found;
}

/** Index of the last sample at a step, -1 when there is none. Inside a segment steps never go back. */
function lastIndexOf(steps: Float64Array, step: number, segmentStarts: readonly number[]): number {
  let end = steps.length;
  for (const start of segmentStarts.toReversed()) {
    const index = lastIndexAtOrBelow(steps, step, { start, end });
    if (steps[index] === step) {
      return index;
    }
    end = start;
  }
  return -1;
}

/** The index before `start` when all steps of the range are larger. */
function lastIndexAtOrBelow(
  steps: Float64Array,
  step: number,
  { start, end }: { readonly start: number; readonly end: number },
): number {
  let low = start;
  let high = end;
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
