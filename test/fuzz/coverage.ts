import type { Random } from "../support/random.ts";

/** Which blocks were entered, about how often, and by which inputs, so far. */
export interface Coverage {
  /**
   * Takes the counters of one run; true when a block was entered for the first time, or markedly more often than ever.
   * Null for an input that is not to be changed further.
   */
  readonly isNew: (input: Uint8Array | null) => boolean;
  /** Of some block the shortest input that enters it: short ones are run faster, and changed where it matters. */
  readonly shortest: (random: Random) => Uint8Array | undefined;
  readonly blocks: () => number;
  /** Whether a block of these was ever entered. */
  readonly entered: (first: number, end: number) => boolean;
}

/** So long an input is tried for its time and memory, but not changed further: it takes as long as hundreds of others. */
export const LARGE_BYTES = 16_384;

export function createCoverage(counters: Uint8Array, used: number): Coverage {
  const seen = new Uint8Array(counters.length);
  const words = new Uint32Array(counters.buffer, counters.byteOffset, Math.ceil(used / 4));
  const blocks: number[] = [];
  const shortest: Uint8Array[] = [];

  function isNewAt(at: number, input: Uint8Array | null): boolean {
    const before = seen[at] ?? 0;
    const bit = MAGNITUDE[counters[at] ?? 0] ?? 0;
    if (bit !== 0 && before === 0) {
      blocks.push(at);
    }
    if (bit !== 0 && input !== null && input.length < (shortest[at]?.length ?? LARGE_BYTES)) {
      shortest[at] = input;
    }
    seen[at] = before | bit;
    return seen[at] !== before;
  }

  return {
    isNew(input) {
      let isNew = false;
      for (let word = 0; word < words.length; word += 1) {
        for (let at = word * 4; words[word] !== 0 && at < word * 4 + 4; at += 1) {
          isNew = isNewAt(at, input) || isNew;
        }
      }
      return isNew;
    },
    shortest: (random) => shortest[blocks[random.below(blocks.length)] ?? -1],
    blocks: () => blocks.length,
    entered: (first, end) => seen.subarray(first, end).some((bits) => bits !== 0),
  };
}

/** A bit for 1, 2, 3, 4–7, 8–15, 16–31, 32–127 and 128–255 times, as AFL has them. */
const MAGNITUDE = Uint8Array.from({ length: 256 }, (_, times) => {
  const bounds = [1, 2, 3, 4, 8, 16, 32, 128];
  const at = bounds.findLastIndex((bound) => times >= bound);
  return at < 0 ? 0 : 1 << at;
});
