import { createColumn } from "./column.ts";

/** Points in a block: a column of pixels then looks at a hundred numbers, however many points it stands for. */
export const BLOCK_POINTS = 64;
const NONE = -1;

/** Where the extremes of each whole block of values stand, so that drawing need not look at every value. */
export interface Blocks {
  /** The smallest value that counts; smaller ones, NaN and ±Inf have no place on the axis. */
  readonly lowest: number;
  /** Whole blocks. */
  readonly count: () => number;
  /** Index of the first of a block's smallest and largest values; -1 when none counts. */
  readonly lowAt: (block: number) => number;
  readonly highAt: (block: number) => number;
}

export interface GrowingBlocks extends Blocks {
  /** Takes in blocks that are whole by now. */
  readonly grow: (values: Float64Array) => void;
  /** Only the first so many values are left. */
  readonly truncate: (length: number) => void;
}

export function createBlocks(lowest: number): GrowingBlocks {
  const lows = createColumn();
  const highs = createColumn();
  let count = 0;
  return {
    lowest,
    count: () => count,
    lowAt: (block) => lows.at(block),
    highAt: (block) => highs.at(block),
    grow(values) {
      for (; (count + 1) * BLOCK_POINTS <= values.length; count++) {
        const found = extremesOf(values, count * BLOCK_POINTS, lowest);
        lows.push(found.low);
        highs.push(found.high);
      }
    },
    truncate(length) {
      count = Math.min(count, Math.floor(length / BLOCK_POINTS));
      lows.truncate(count);
      highs.truncate(count);
    },
  };
}

function extremesOf(
  values: Float64Array,
  from: number,
  lowest: number,
): { readonly low: number; readonly high: number } {
  let low = NONE;
  let high = NONE;
  for (let index = from; index < from + BLOCK_POINTS; index++) {
    const value = values[index] ?? Number.NaN;
    if (value >= lowest && value <= Number.MAX_VALUE) {
      low = low === NONE || value < (values[low] ?? 0) ? index : low;
      high = high === NONE || value > (values[high] ?? 0) ? index : high;
    }
  }
  return { low, high };
}
