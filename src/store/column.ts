const FIRST_CAPACITY = 64;

/** Append-only float64 column that doubles its buffer as it grows. */
export interface Column {
  readonly length: () => number;
  readonly append: (values: Float64Array) => void;
  /** The values so far, without a copy: valid until the next append. */
  readonly values: () => Float64Array;
}

export function createColumn(): Column {
  let buffer = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  return {
    length: () => length,
    append(values) {
      if (length + values.length > buffer.length) {
        const grown = new Float64Array(Math.max(buffer.length * 2, length + values.length));
        grown.set(buffer.subarray(0, length));
        buffer = grown;
      }
      buffer.set(values, length);
      length += values.length;
    },
    values: () => buffer.subarray(0, length),
  };
}
