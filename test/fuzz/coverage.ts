/** Which blocks were entered, and about how often, by all inputs so far. */
export interface Coverage {
  /** Takes the counters of one run; true when a block was entered for the first time, or markedly more often than ever. */
  readonly isNew: () => boolean;
  readonly blocks: () => number;
  /** Whether a block of these was ever entered. */
  readonly entered: (first: number, end: number) => boolean;
}

export function createCoverage(counters: Uint8Array, used: number): Coverage {
  const seen = new Uint8Array(counters.length);
  const words = new Uint32Array(counters.buffer, counters.byteOffset, Math.ceil(used / 4));
  return {
    isNew() {
      let isNew = false;
      for (let word = 0; word < words.length; word += 1) {
        if (words[word] === 0) {
          continue;
        }
        for (let at = word * 4; at < word * 4 + 4; at += 1) {
          const bit = MAGNITUDE[counters[at] ?? 0] ?? 0;
          const before = seen[at] ?? 0;
          if ((before & bit) !== bit) {
            seen[at] = before | bit;
            isNew = true;
          }
        }
      }
      return isNew;
    },
    blocks: () => seen.reduce((blocks, bits) => blocks + (bits === 0 ? 0 : 1), 0),
    entered: (first, end) => seen.subarray(first, end).some((bits) => bits !== 0),
  };
}

/** A bit for 1, 2, 3, 4–7, 8–15, 16–31, 32–127 and 128–255 times, as AFL has them. */
const MAGNITUDE = Uint8Array.from({ length: 256 }, (_, times) => {
  const bounds = [1, 2, 3, 4, 8, 16, 32, 128];
  const at = bounds.findLastIndex((bound) => times >= bound);
  return at < 0 ? 0 : 1 << at;
});
