import { concatenate } from "#core/numbers.ts";
import type { Numbers } from "#core/numbers.ts";

const FIRST_CAPACITY = 16;
// A quarter of unused room at most.
const GROWTH = 1.25;

/** Append-only whole numbers from 0 to 2³² − 1. */
export interface Column {
  readonly length: () => number;
  readonly append: (values: ArrayLike<number>) => void;
  /** The values so far, without a copy: valid until the next change. */
  readonly values: () => Uint32Array;
}

export function createColumn(): Column {
  let buffer = new Uint32Array(FIRST_CAPACITY);
  let length = 0;
  let view: Uint32Array | undefined; // To make one takes longer than to look a number up.
  return {
    length: () => length,
    append(values) {
      view = undefined;
      if (length + values.length > buffer.length) {
        const capacity = Math.max(length + values.length, Math.ceil(buffer.length * GROWTH));
        // Not a copy for the garbage collector to find: the old memory is free at once.
        buffer = new Uint32Array(buffer.buffer.transfer(capacity * buffer.BYTES_PER_ELEMENT));
      }
      buffer.set(values, length);
      length += values.length;
    },
    values: () => (view ??= buffer.subarray(0, length)),
  };
}

/** Columns one after the other: the only one that is not empty as it is, else a copy. */
export function joinColumns<T extends Numbers | readonly number[]>(columns: readonly T[]): T | Float64Array {
  const [first, ...others] = columns.filter(({ length }) => length > 0);
  return first !== undefined && others.length === 0 ? first : concatenate(columns);
}
