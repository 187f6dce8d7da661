import { execute } from "./execute.ts";
import type { Target } from "./target.ts";

const MAX_TRIES = 1500;

/** The input with all left out, in halves and then smaller pieces, without which the same still happens. */
export async function minimised(target: Target, input: Uint8Array, what: string): Promise<Uint8Array> {
  let smallest = input;
  let tries = 0;
  for (let piece = input.length >> 1; piece >= 1; piece >>= 1) {
    for (let at = 0; at < smallest.length && tries < MAX_TRIES; tries += 1) {
      const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + piece)]);
      const execution = await execute(target, shorter);
      if (execution.kind === "broken" && execution.what === what) {
        smallest = shorter;
      } else {
        at += piece;
      }
    }
  }
  return smallest;
}
