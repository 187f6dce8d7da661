/** Vectors of `length` elements, one after another. */
export interface Grid {
  readonly length: number;
  readonly values: Float32Array;
}

export interface GridDigits {
  /** Distances of ascending numbers: `grids.ts`. */
  readonly base64: string;
  readonly length: 4 | 8;
  /** What a digit stands for. */
  readonly values: readonly number[];
}

/** Unpacks the vectors of a grid when they are first asked for. */
export function lazyGrid(digits: GridDigits): () => Grid {
  let grid: Grid | undefined;
  return () => {
    grid ??= unpack(digits);
    return grid;
  };
}

function unpack({ base64, length, values }: GridDigits): Grid {
  const bits = length === 8 ? 2 : 3;
  const vectors: number[] = [];
  let packed = 0;
  let distance = 0;
  let place = 1;
  for (const byte of Buffer.from(base64, "base64")) {
    distance += (byte & 0x7f) * place;
    place *= 128;
    if (byte < 0x80) {
      packed += distance;
      for (let element = 0; element < length; element += 1) {
        vectors.push(values[(packed >> (bits * element)) & ((1 << bits) - 1)] ?? Number.NaN);
      }
      distance = 0;
      place = 1;
    }
  }
  return { length, values: Float32Array.from(vectors) };
}
