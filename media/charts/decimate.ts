import { BLOCK_POINTS } from "./blocks.ts";
import type { Blocks } from "./blocks.ts";
import { lowerBound } from "./column.ts";
import type { Points } from "./segments.ts";

/** The steps on screen and how many pixel columns they are drawn on. */
export interface Window {
  readonly min: number;
  readonly max: number;
  readonly columns: number;
  /** The step at the left edge of a column; evenly spread unless given. */
  readonly edgeOf?: (column: number) => number;
}

/** A polyline in steps and values; a NaN value interrupts it. `low` > `high` when nothing can be drawn. */
export interface Polyline extends Points {
  readonly low: number;
  readonly high: number;
}

/** Below this the points are drawn as they are: a column of M4 holds four. */
export const POINTS_PER_COLUMN = 4;

/** Smallest value that has a place on the axis. */
export const LOWEST_ON_LOG = Number.MIN_VALUE;
export const LOWEST_ON_LINEAR = -Number.MAX_VALUE;

/**
 * What a line needs at this zoom: all points, or first, minimum, maximum and last of each pixel column (M4), which
 * draws the same pixels. Values the axis cannot show interrupt the line; they are never bridged.
 */
export function decimate(points: Points, window: Window, lowest: number): Polyline {
  const from = Math.max(0, lowerBound(points.steps, window.min) - 1);
  const to = Math.min(points.steps.length, lowerBound(points.steps, window.max) + 2);
  const writer = createWriter(points, lowest);
  if (to - from <= window.columns * POINTS_PER_COLUMN) {
    for (let i = from; i < to; i++) {
      writer.bucket(i, i + 1);
    }
    return writer.finish();
  }
  const perColumn = (window.max - window.min) / window.columns;
  const edgeOf = window.edgeOf ?? ((column: number): number => window.min + column * perColumn);
  let start = from;
  for (let column = 0; column <= window.columns && start < to; column++) {
    const edge = column === window.columns ? Infinity : edgeOf(column);
    const end = Math.min(to, lowerBound(points.steps, edge));
    writer.bucket(start, end);
    start = Math.max(start, end);
  }
  return writer.finish();
}

interface Writer {
  readonly bucket: (from: number, to: number) => void;
  readonly finish: () => Polyline;
}

function createWriter({ steps, values, blocks }: Points, lowest: number): Writer {
  const known = blocks?.lowest === lowest ? blocks : undefined;
  const drawnSteps: number[] = [];
  const drawnValues: number[] = [];
  let low = Infinity;
  let high = -Infinity;
  return {
    bucket(from, to) {
      if (from >= to) {
        return;
      }
      const found = extremes(values, { from, to, lowest }, known);
      if (found === undefined) {
        interruptAt(from);
        return;
      }
      if (found.first > from) {
        interruptAt(from);
      }
      const [early, late] = found.min < found.max ? [found.min, found.max] : [found.max, found.min];
      let previous = -1;
      for (const index of [found.first, early, late, found.last]) {
        if (index !== previous) {
          put(steps[index] ?? Number.NaN, values[index] ?? Number.NaN);
        }
        previous = index;
      }
      low = Math.min(low, values[found.min] ?? Infinity);
      high = Math.max(high, values[found.max] ?? -Infinity);
      if (found.last < to - 1) {
        interruptAt(to - 1);
      }
    },
    finish: () => ({ steps: new Float64Array(drawnSteps), values: new Float64Array(drawnValues), low, high }),
  };

  function interruptAt(index: number): void {
    put(steps[index] ?? Number.NaN, Number.NaN);
  }

  function put(step: number, value: number): void {
    drawnSteps.push(step);
    drawnValues.push(value);
  }
}

interface Extremes {
  readonly first: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
}

interface IndexRange {
  readonly from: number;
  readonly to: number;
  readonly lowest: number;
}

/** Indices of the extremes among the values that can be drawn; undefined when none can. Whole blocks are looked up. */
function extremes(values: Float64Array, range: IndexRange, blocks: Blocks | undefined): Extremes | undefined {
  const first = drawable(values, range, 1);
  if (first === undefined) {
    return undefined;
  }
  const last = drawable(values, range, -1) ?? first;
  const search = createSearch(values, first, range.lowest);
  let index = first;
  while (index <= last) {
    const block = index / BLOCK_POINTS;
    if (
      blocks !== undefined &&
      index % BLOCK_POINTS === 0 &&
      index + BLOCK_POINTS <= last + 1 &&
      block < blocks.count()
    ) {
      search.see(blocks.lowAt(block));
      search.see(blocks.highAt(block));
      index += BLOCK_POINTS;
    } else {
      search.see(index);
      index += 1;
    }
  }
  return { first, min: search.min(), max: search.max(), last };
}

/** Keeps the first of the smallest and of the largest drawable values; NONE is passed over. */
function createSearch(
  values: Float64Array,
  first: number,
  lowest: number,
): { readonly see: (index: number) => void; readonly min: () => number; readonly max: () => number } {
  let min = first;
  let max = first;
  let low = values[first] ?? Number.NaN;
  let high = low;
  return {
    see(index) {
      const value = values[index] ?? Number.NaN;
      if (value < low && value >= lowest) {
        low = value;
        min = index;
      } else if (value > high && value <= Number.MAX_VALUE) {
        high = value;
        max = index;
      }
    },
    min: () => min,
    max: () => max,
  };
}

/** The first value that has a place on the axis, from the start or from the end. */
function drawable(values: Float64Array, { from, to, lowest }: IndexRange, direction: 1 | -1): number | undefined {
  for (let i = direction === 1 ? from : to - 1; i >= from && i < to; i += direction) {
    const value = values[i] ?? Number.NaN;
    if (value >= lowest && value <= Number.MAX_VALUE) {
      return i;
    }
  }
  return undefined;
}
