import type { Numbers } from "#core/numbers.ts";

const FIRST_CAPACITY = 16;
// Ten million samples are kept at a time, so little room is left unused. A long column leaves more: all of it is copied each
// time it grows.
const GROWTH = 1.25;
const GROWTH_WHEN_LONG = 1.5;
const LONG = 2 ** 16;

type Width = "uint32" | "float32" | "float64";

/** Append-only numbers, kept in the given width until one of them needs float64. No number is ever rounded. */
export interface Column {
  readonly length: () => number;
  readonly append: (values: ArrayLike<number>) => void;
  readonly last: () => number | undefined;
  /** The values so far, without a copy: valid until the next change. */
  readonly values: () => Numbers;
  /** Keeps, of the values before `end`, those at the given ascending indexes, and gives memory back. */
  readonly thin: (kept: Uint32Array, end: number) => void;
}

export function createColumn(width: Width = "float64"): Column {
  let buffer = allocate(width, FIRST_CAPACITY);
  let length = 0;
  let view: Numbers | undefined; // To make one takes longer than to look a number up.

  function reserve(needed: number): void {
    if (needed > buffer.length) {
      const growth = buffer.length < LONG ? GROWTH : GROWTH_WHEN_LONG;
      const capacity = Math.max(needed, Math.ceil(buffer.length * growth));
      // Not a copy for the garbage collector to find: the old memory is free at once.
      buffer = onBytes(buffer, buffer.buffer.transfer(capacity * buffer.BYTES_PER_ELEMENT));
    }
  }

  return {
    length: () => length,
    append(values) {
      view = undefined;
      if (!fits(buffer, values)) {
        const wide = new Float64Array(Math.max(length + values.length, buffer.length));
        wide.set(buffer.subarray(0, length));
        buffer = wide;
      }
      reserve(length + values.length);
      buffer.set(values, length);
      length += values.length;
    },
    last: () => (length === 0 ? undefined : buffer[length - 1]),
    values: () => (view ??= buffer.subarray(0, length)),
    thin(kept, end) {
      view = undefined;
      kept.forEach((from, to) => (buffer[to] = buffer[from] ?? Number.NaN));
      buffer.copyWithin(kept.length, end, length);
      length -= end - kept.length;
      buffer = buffer.slice(0, Math.max(FIRST_CAPACITY, length));
    },
  };
}

type Buffer = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

function allocate(width: Width, capacity: number): Buffer {
  switch (width) {
    case "uint32":
      return new Uint32Array(capacity);
    case "float32":
      return new Float32Array(capacity);
    case "float64":
      return new Float64Array(capacity);
  }
}

function onBytes(like: Buffer, bytes: ArrayBuffer): Buffer {
  if (like instanceof Uint32Array) {
    return new Uint32Array(bytes);
  }
  return like instanceof Float32Array ? new Float32Array(bytes) : new Float64Array(bytes);
}

/** Whether the numbers stay what they are in this array. */
function fits(buffer: Buffer, values: ArrayLike<number>): boolean {
  if (buffer instanceof Float64Array) {
    return true;
  }
  return buffer instanceof Uint32Array ? areWhole(values) : areFloat32(values);
}

/** From 0 to 2³² − 1. */
function areWhole(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (value >>> 0 !== value || (value === 0 && Object.is(value, -0))) {
      return false;
    }
  }
  return true;
}

function areFloat32(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (Math.fround(value) !== value && !Number.isNaN(value)) {
      return false;
    }
  }
  return true;
}

/** Columns one after the other: the only one that is not empty as it is, else a copy. */
export function concatenate(columns: readonly Numbers[]): Numbers {
  const filled = columns.filter(({ length }) => length > 0);
  if (filled.length < 2) {
    return filled[0] ?? new Float64Array();
  }
  const joined = new Float64Array(filled.reduce((length, column) => length + column.length, 0));
  let at = 0;
  for (const column of filled) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}
