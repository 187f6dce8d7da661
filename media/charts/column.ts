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
  let low = 0;
  let high = ascending.length;
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
