import type { Bytes } from "./decoded.ts";

/** Of each `skip` + `take` bytes the last `take`, also where they lie across two pieces. */
export async function* records(pieces: Bytes, { skip, take }: { readonly skip: number; readonly take: number }): Bytes {
  let place = 0;
  for await (const piece of pieces) {
    const out = new Uint8Array(piece.length);
    let to = 0;
    for (const byte of piece) {
      if (place >= skip) {
        out[to] = byte;
        to += 1;
      }
      place = (place + 1) % (skip + take);
    }
    yield out.subarray(0, to);
  }
}
