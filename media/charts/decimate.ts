import { BLOCK_POINTS } from "./blocks.ts";
import type { Blocks } from "./blocks.ts";
import { lowerBound, lowerBoundFrom } from "./column.ts";
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
const POINTS_PER_COLUMN = 4;

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
  if (to - from <= window.columns * POINTS_PER_COLUMN) {
    const writer = createWriter(points, lowest, to - from);
    for (let i = from; i < to; i++) {
      writer.bucket(i, i + 1);
    }
    return writer.finish();
  }
  const writer = createWriter(points, lowest, window.columns + 1);
  const perColumn = (window.max - window.min) / window.columns;
  const edgeOf = window.edgeOf ?? ((column: number): number => window.min + column * perColumn);
  let start = from;
  let width = 1;
  for (let column = 0; column <= window.columns && start < to; column++) {
    const edge = column === window.columns ? Infinity : edgeOf(column);
    const end = Math.min(to, lowerBoundFrom(points.steps, edge, { start, width }));
    writer.bucket(start, end);
    width = Math.max(1, end - start);
    start = Math.max(start, end);
  }
  return writer.finish();
}

interface Writer {
  readonly bucket: (from: number, to: number) => void;
  readonly finish: () => Polyline;
}

/** A bucket is at most its four points, and an interruption before and after them. */
const MOST_OF_BUCKET = 6;

function createWriter({ steps, values, blocks }: Points, lowest: number, buckets: number): Writer {
  const known = blocks?.lowest === lowest ? blocks : undefined;
  const drawnSteps = new Float64Array(buckets * MOST_OF_BUCKET);
  const drawnValues = new Float64Array(buckets * MOST_OF_BUCKET);
  let count = 0;
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
      const isRising = found.min < found.max;
      putOnce(found.first, -1);
      putOnce(isRising ? found.min : found.max, found.first);
      putOnce(isRising ? found.max : found.min, isRising ? found.min : found.max);
      putOnce(found.last, isRising ? found.max : found.min);
      low = Math.min(low, found.low);
      high = Math.max(high, found.high);
      if (found.last < to - 1) {
        interruptAt(to - 1);
      }
    },
    finish: () => ({ steps: drawnSteps.slice(0, count), values: drawnValues.slice(0, count), low, high }),
  };

  function interruptAt(index: number): void {
    put(steps[index] ?? Number.NaN, Number.NaN);
  }

  function putOnce(index: number, before: number): void {
    if (index !== before) {
      put(steps[index] ?? Number.NaN, values[index] ?? Number.NaN);
    }
  }

  function put(step: number, value: number): void {
    drawnSteps[count] = step;
    drawnValues[count] = value;
    count += 1;
  }
}

/** Where the first of the smallest and of the largest values stand, and what they are. */
interface Search {
  min: number;
  max: number;
  low: number;
  high: number;
}

interface Extremes extends Search {
  readonly first: number;
  readonly last: number;
}

interface IndexRange {
  readonly from: number;
  readonly to: number;
  readonly lowest: number;
}

/** The extremes among the values that can be drawn; undefined when none can. Whole blocks are looked up. */
function extremes(values: Float64Array, range: IndexRange, blocks: Blocks | undefined): Extremes | undefined {
  const first = drawable(values, range, 1);
  if (first === undefined) {
    return undefined;
  }
  const { lowest } = range;
  const last = drawable(values, range, -1) ?? first;
  const value = values[first] ?? Number.NaN;
  const search = { first, last, min: first, max: first, low: value, high: value };
  const firstBlock = Math.ceil(first / BLOCK_POINTS);
  const endBlock = Math.min(Math.floor((last + 1) / BLOCK_POINTS), blocks?.count() ?? 0);
  if (blocks === undefined || firstBlock >= endBlock) {
    scan(search, values, { from: first, to: last + 1, lowest });
    return search;
  }
  scan(search, values, { from: first, to: firstBlock * BLOCK_POINTS, lowest });
  for (let block = firstBlock; block < endBlock; block++) {
    see(search, values, blocks.lowAt(block));
    see(search, values, blocks.highAt(block));
  }
  scan(search, values, { from: endBlock * BLOCK_POINTS, to: last + 1, lowest });
  return search;
}

/** This loop is what panning through millions of points takes: it works on local numbers. */
function scan(search: Search, values: Float64Array, { from, to, lowest }: IndexRange): void {
  let { min, max, low, high } = search;
  for (let index = from; index < to; index++) {
    const value = values[index] ?? Number.NaN;
    if (value < low && value >= lowest) {
      low = value;
      min = index;
    } else if (value > high && value <= Number.MAX_VALUE) {
      high = value;
      max = index;
    }
  }
  search.min = min;
  search.max = max;
  search.low = low;
  search.high = high;
}

/** An extreme of a block; a block without any has none, at -1. */
function see(search: Search, values: Float64Array, index: number): void {
  const value = index < 0 ? Number.NaN : (values[index] ?? Number.NaN);
  if (value < search.low) {
    search.low = value;
    search.min = index;
  } else if (value > search.high) {
    search.high = value;
    search.max = index;
  }
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
