/** A column of numbers, as narrow as it can be without changing one of them. */
export type Numbers = Float64Array | Float32Array | Uint32Array;

export function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float64Array || value instanceof Float32Array || value instanceof Uint32Array;
}

export function countWhere(values: ArrayLike<number>, isCounted: (value: number) => boolean): number {
  let count = 0;
  for (let index = 0; index < values.length; index += 1) {
    count += isCounted(values[index] ?? Number.NaN) ? 1 : 0;
  }
  return count;
}
