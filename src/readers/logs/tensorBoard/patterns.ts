import type { FieldPlace } from "../shared/eventProto.ts";

/** The bits of some bytes, and which of them count. Its words lie in the table that it was added to. */
export interface Pattern {
  readonly start: number;
  readonly end: number;
}

/** Bytes that are known but for some of their bits. */
export interface PatternTable {
  /** The bytes that begin at a place, read without those that do not count. Null when the table is full. */
  readonly add: (at: number, bytes: MaskedBytes) => Pattern | null;
  /** Whether the bytes at a place are the same. Up to three bytes behind them must be there, too. */
  readonly isLike: (pattern: Pattern, at: number) => boolean;
  readonly clear: () => void;
}

/** Places count from where the bytes begin. */
export interface MaskedBytes {
  readonly length: number;
  /** Places of bytes that do not count. */
  readonly numbers: readonly FieldPlace[];
  /** The place of a varint, of which only the length counts. */
  readonly varint: FieldPlace;
}

// Of each word: its bits, and a mask of those that count.
const STRIDE = 2;
const FIRST_WORDS = 2 ** 10;
// 16 MB: a hundred thousand events of usual length.
const MAX_WORDS = 2 ** 22;

const ALL_BITS = 0xff;
const MORE_FOLLOWS = 0x80;

export function createPatternTable(view: DataView): PatternTable {
  let words = new Int32Array(FIRST_WORDS);
  let filled = 0;

  function grow(least: number): void {
    const grown = new Int32Array(Math.max(words.length * 2, least));
    grown.set(words);
    words = grown;
  }

  return {
    add(at, bytes) {
      const mask = maskOf(bytes);
      const start = filled;
      const end = start + (mask.byteLength / 4) * STRIDE;
      if (end > MAX_WORDS) {
        return null;
      }
      if (end > words.length) {
        grow(end);
      }
      for (let place = 0; place < mask.byteLength; place += 4) {
        words[filled] = view.getInt32(at + place, true);
        words[filled + 1] = mask.getInt32(place, true);
        filled += STRIDE;
      }
      return { start, end };
    },
    isLike({ start, end }, at) {
      let place = at;
      for (let word = start; word < end; word += STRIDE) {
        if (((view.getInt32(place, true) ^ (words[word] ?? 0)) & (words[word + 1] ?? 0)) !== 0) {
          return false;
        }
        place += 4;
      }
      return true;
    },
    clear() {
      filled = 0;
    },
  };
}

/** In whole words; bits of bytes behind the last one do not count. */
function maskOf({ length, numbers, varint }: MaskedBytes): DataView {
  const mask = new Uint8Array(Math.ceil(length / 4) * 4).fill(ALL_BITS, 0, length);
  mask.fill(MORE_FOLLOWS, varint.start, varint.end);
  for (const { start, end } of numbers) {
    mask.fill(0, start, end);
  }
  return new DataView(mask.buffer);
}
