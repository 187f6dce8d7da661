import type { Bytes } from "./decoded.ts";

/** Turns numbers of so many bytes around, also where one lies across two pieces. */
export async function* swapBytes(bytes: Bytes, width: number): Bytes {
  let rest = new Uint8Array();
  for await (const piece of bytes) {
    const joined = new Uint8Array(rest.length + piece.length);
    joined.set(rest);
    joined.set(piece, rest.length);
    const whole = joined.length - (joined.length % width);
    for (let at = 0; at < whole; at += width) {
      joined.subarray(at, at + width).reverse();
    }
    rest = joined.slice(whole);
    yield joined.subarray(0, whole);
  }
}
