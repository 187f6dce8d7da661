/** Whole numbers from 0 to below `end`, the same for the same seed: mulberry32. */
export interface Random {
  readonly below: (end: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly shuffled: <T>(values: readonly T[]) => T[];
  readonly bytes: (length: number) => Uint8Array;
}

export function createRandom(seed: number): Random {
  let state = seed;
  const below = (end: number): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
  return {
    below,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    shuffled: (values) => {
      const left = [...values];
      return values.map(() => left.splice(below(left.length), 1)[0] as (typeof left)[number]);
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}
