/** Numbers that grow at the end, without an object per point. */
export interface Column {
  readonly push: (value: number) => void;
  /** Keeps the first `length` values. */
  readonly truncate: (length: number) => void;
  /** NaN beyond the end of the memory in use. */
  readonly at: (index: number) => number;
  /** A view on the values; valid until the next change. */
  readonly view: () => Float64Array;
}

const FIRST_CAPACITY = 1024;

export function createColumn(): Column {
  let values = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const wider = new Float64Array(length * 2);
        wider.set(values);
        values = wider;
      }
      values[length] = value;
      length += 1;
    },
    truncate(newLength) {
      length = Math.min(length, newLength);
    },
    at: (index) => values[index] ?? Number.NaN,
    view: () => values.subarray(0, length),
  };
}

/** Index of the first ascending value that is at least `wanted`; the length when there is none. */
export function lowerBound(ascending: Float64Array, wanted: number): number {
  return lowerBoundWithin(ascending, wanted, { low: 0, high: ascending.length });
}

/** The same among the values from `start` on, quick when the answer is no more than twice `width` beyond it. */
export function lowerBoundFrom(
  ascending: Float64Array,
  wanted: number,
  { start, width }: { readonly start: number; readonly width: number },
): number {
  const near = Math.min(start + 2 * width, ascending.length);
  const isNear = (ascending[near - 1] ?? Number.NaN) >= wanted;
  return lowerBoundWithin(
    ascending,
    wanted,
    isNear ? { low: start, high: near } : { low: near, high: ascending.length },
  );
}

function lowerBoundWithin(ascending: Float64Array, wanted: number, within: { low: number; high: number }): number {
  let { low, high } = within;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Number.NaN) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
