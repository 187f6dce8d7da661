import { decode } from "./decode.ts";
import type { Chunk } from "./engine.ts";
import type { Layout } from "./layout.ts";
import type { Statistics } from "./statistics.ts";

export interface ChunkPlace {
  readonly chunk: Chunk;
  /** Place of the chunk's first element in its part. */
  readonly first: number;
  readonly layout: Layout;
}

/** A chunk's statistics as the tensor's: indices in it, and each element as often as it has it. */
export function inTensor(statistics: Statistics, { chunk, first, layout }: ChunkPlace): Statistics {
  const { firstNonFinite } = statistics;
  if (firstNonFinite === null && layout.times === 1) {
    return statistics;
  }
  return times(layout.times, {
    ...statistics,
    firstNonFinite: firstNonFinite === null ? null : firstIndex(firstNonFinite, { chunk, first, layout }),
  });
}

/** Where elements do not lie in the order of their indices, another one of the chunk may come first. */
function firstIndex(firstNonFinite: number, { chunk, first, layout }: ChunkPlace): number {
  let lowest = layout.indexOf(first + firstNonFinite);
  if (!layout.isRowMajor) {
    const values = decode(chunk);
    for (let at = firstNonFinite + 1; at < values.length; at += 1) {
      if (!Number.isFinite(values[at])) {
        lowest = Math.min(lowest, layout.indexOf(first + at));
      }
    }
  }
  return lowest;
}

function times(count: number, { squares, maxAbs, nan, posInf, negInf, firstNonFinite }: Statistics): Statistics {
  const { big, medium, small } = squares;
  return {
    squares: { big: big * count, medium: medium * count, small: small * count },
    maxAbs,
    nan: nan * count,
    posInf: posInf * count,
    negInf: negInf * count,
    firstNonFinite,
  };
}
