import type { PieceDecoder } from "./pieceDecoder.ts";

interface Pairs {
  readonly blockBytes: number;
  readonly pairs: readonly number[];
}

/** Swaps the two bytes at each place of each block, also where a piece ends between them. */
export function createPairSwapper({ blockBytes, pairs }: Pairs): PieceDecoder {
  const isFirst = new Set(pairs);
  let place = 0;
  let held: number | undefined;
  function push(piece: Uint8Array): Uint8Array {
    const out = new Uint8Array(piece.length + 1);
    let to = 0;
    for (const byte of piece) {
      if (isFirst.has(place)) {
        held = byte;
      } else {
        out[to] = byte;
        to += 1;
        if (held !== undefined) {
          out[to] = held;
          to += 1;
          held = undefined;
        }
      }
      place = (place + 1) % blockBytes;
    }
    return out.subarray(0, to);
  }
  return { push, end: () => undefined };
}
