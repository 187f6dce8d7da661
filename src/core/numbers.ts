/** A column of numbers, as narrow as it can be without changing one of them. */
export type Numbers = Float64Array | Float32Array | Uint32Array;

export function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float64Array || value instanceof Float32Array || value instanceof Uint32Array;
}

/** Columns one after the other, as a copy. */
export function concatenate(columns: readonly ArrayLike<number>[]): Float64Array<ArrayBuffer> {
  const whole = new Float64Array(columns.reduce((length, column) => length + column.length, 0));
  let at = 0;
  for (const column of columns) {
    whole.set(column, at);
    at += column.length;
  }
  return whole;
}

export function countWhere(values: ArrayLike<number>, isCounted: (value: number) => boolean): number {
  let count = 0;
  for (let index = 0; index < values.length; index += 1) {
    count += isCounted(values[index] ?? Number.NaN) ? 1 : 0;
  }
  return count;
}
