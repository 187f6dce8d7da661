import type { PieceDecoder } from "./pieceDecoder.ts";

interface RecordShape {
  readonly skip: number;
  readonly take: number;
}

/** Of each `skip` + `take` bytes the last `take`. */
export function createRecordDecoder({ skip, take }: RecordShape): PieceDecoder {
  let place = 0;
  function push(piece: Uint8Array): Uint8Array {
    const out = new Uint8Array(piece.length);
    let to = 0;
    for (const byte of piece) {
      if (place >= skip) {
        out[to] = byte;
        to += 1;
      }
      place = (place + 1) % (skip + take);
    }
    return out.subarray(0, to);
  }
  return { push, end: () => undefined };
}
