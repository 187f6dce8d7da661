import type { Random } from "../support/random.ts";
import { BEFORE_PART } from "./packedFiles.ts";

/** What changed inputs are made of. */
export interface Material {
  readonly random: Random;
  /** Words that the code under test compares with. */
  readonly words: readonly Uint8Array[];
  /** Another input of the corpus, to take a piece of. */
  readonly other: () => Uint8Array;
  readonly maxBytes: number;
}

type Mutation = (bytes: Buffer, material: Material) => Uint8Array;

/** The input with one to eight changes, in bytes, numbers, words or whole ranges. */
export function mutate(input: Uint8Array, material: Material): Uint8Array {
  let bytes: Buffer = Buffer.from(input);
  for (let changes = 1 << material.random.below(4); changes > 0; changes -= 1) {
    const changed = material.random.pick(MUTATIONS)(bytes, material);
    bytes = Buffer.from(changed.buffer, changed.byteOffset, Math.min(changed.length, material.maxBytes));
  }
  return bytes;
}

/** The input with a range of it repeated up to so many bytes: what takes more than its length of time then shows. */
export function enlarged(input: Uint8Array, toBytes: number, random: Random): Uint8Array {
  const range = rangeOf(input, random);
  const times = range.length === 0 ? 0 : Math.max(0, Math.floor((toBytes - input.length) / range.length));
  const at = random.below(input.length + 1);
  return Buffer.concat([input.subarray(0, at), ...Array.from({ length: times }, () => range), input.subarray(at)]);
}

const INTERESTING: readonly number[] = [
  0,
  1,
  -1,
  2,
  16,
  32,
  64,
  100,
  127,
  128,
  255,
  256,
  1000,
  1024,
  4096,
  32_767,
  32_768,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 40,
  2 ** 53,
  2 ** 63,
];

/** As people and programs print them. */
const PRINTED: readonly string[] = [
  "0",
  "-1",
  "1e999",
  "-1e-400",
  "NaN",
  "nan",
  "inf",
  "-Infinity",
  "1e15",
  "9007199254740993",
  "99999999999999999999",
  "null",
  "true",
  '""',
  "[]",
  "{}",
  "\n",
  "\r",
  "\0",
  "\u001b[31m",
  "\uFEFF",
  "\uD83D\uDE00",
  "__proto__",
  "constructor",
];

const MUTATIONS: readonly Mutation[] = [
  (bytes, { random }) => change(bytes, random.below(bytes.length), (byte) => byte ^ (1 << random.below(8))),
  (bytes, { random }) => change(bytes, random.below(bytes.length), () => random.below(256)),
  (bytes, { random }) => change(bytes, random.below(bytes.length), (byte) => byte + random.below(33) - 16),
  (bytes, { random }) => {
    const at = random.below(bytes.length + 1);
    return replace(bytes, at, Math.min(bytes.length, at + 1 + random.below(random.pick([2, 8, 64, 1024]))), EMPTY);
  },
  (bytes, { random }) => {
    const at = random.below(bytes.length + 1);
    return replace(bytes, at, at + random.below((bytes.length >> 1) + 1), EMPTY);
  },
  (bytes, { random }) => replace(bytes, random.below(bytes.length + 1), null, random.bytes(1 + random.below(8))),
  (bytes, { random }) => overwrite(bytes, random.below(bytes.length + 1), numberBytes(random)),
  (bytes, { random, words }) => replace(bytes, random.below(bytes.length + 1), null, pick(words, random)),
  (bytes, { random, words }) => overwrite(bytes, random.below(bytes.length + 1), pick(words, random)),
  (bytes, { random }) => replace(bytes, random.below(bytes.length + 1), null, Buffer.from(random.pick(PRINTED))),
  replaceNumber,
  repeatLine,
  repeatRecord,
  (bytes, { random }) => replace(bytes, random.below(bytes.length + 1), null, rangeOf(bytes, random)),
  (bytes, { random }) => overwrite(bytes, random.below(bytes.length + 1), rangeOf(bytes, random)),
  (bytes, { random }) => {
    const range = rangeOf(bytes, random);
    const times = 2 + random.below(random.pick([4, 32, 256]));
    const repeated = Buffer.concat(Array.from({ length: times }, () => range)).subarray(0, 16_384);
    return replace(bytes, random.below(bytes.length + 1), null, repeated);
  },
  (bytes, { random, other }) => replace(bytes, random.below(bytes.length + 1), null, rangeOf(other(), random)),
  (bytes, { random, other }) => {
    const tail = other();
    return Buffer.concat([
      bytes.subarray(0, random.below(bytes.length + 1)),
      tail.subarray(random.below(tail.length + 1)),
    ]);
  },
];

const EMPTY = new Uint8Array();

function change(bytes: Buffer, at: number, to: (byte: number) => number): Buffer {
  const byte = bytes[at];
  if (byte !== undefined) {
    bytes[at] = to(byte);
  }
  return bytes;
}

function replace(bytes: Buffer, start: number, end: number | null, by: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end ?? start)]);
}

function overwrite(bytes: Buffer, start: number, by: Uint8Array): Buffer {
  return replace(bytes, start, start + by.length, by);
}

function rangeOf(bytes: Uint8Array, random: Random): Uint8Array {
  const start = random.below(bytes.length + 1);
  return bytes.slice(start, start + 1 + random.below(random.pick([4, 16, 128, 2048])));
}

function pick(words: readonly Uint8Array[], random: Random): Uint8Array {
  return words.length === 0 ? EMPTY : random.pick(words);
}

/** A number at a border of its type, in one, two, four or eight bytes of either order. */
function numberBytes(random: Random): Uint8Array {
  const size = random.pick([1, 2, 4, 8]);
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(random.pick(INTERESTING)) + BigInt(random.below(3) - 1)));
  const cut = bytes.subarray(0, size);
  return random.below(2) === 0 ? cut : cut.toReversed();
}

/** A number in text becomes another. */
function replaceNumber(bytes: Buffer, { random }: Material): Buffer {
  const from = random.below(bytes.length + 1);
  const start = bytes.subarray(from).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
  if (start < 0) {
    return bytes;
  }
  let end = from + start;
  while (isDigit(bytes[end])) {
    end += 1;
  }
  const number = random.below(3) === 0 ? random.pick(PRINTED) : String(random.pick(INTERESTING));
  return replace(bytes, from + start, end, Buffer.from(number));
}

/** A line once more, with another number: readers pass lines like the one before without parsing them. */
function repeatLine(bytes: Buffer, material: Material): Buffer {
  const at = material.random.below(bytes.length + 1);
  const start = at === 0 ? 0 : bytes.lastIndexOf("\n", at - 1) + 1;
  const newline = bytes.indexOf("\n", at);
  const line = newline < 0 ? Buffer.concat([bytes.subarray(start), NEWLINE]) : bytes.subarray(start, newline + 1);
  return replace(bytes, start, null, replaceNumber(Buffer.from(line), material));
}

const NEWLINE = Buffer.from("\n");

/** The same with a record, or a file, that stands behind a mark. */
function repeatRecord(bytes: Buffer, { random }: Material): Buffer {
  const start = bytes.lastIndexOf(BEFORE_PART, random.below(bytes.length + 1));
  if (start < 0) {
    return bytes;
  }
  const next = bytes.indexOf(BEFORE_PART, start + 1);
  const record = Buffer.from(bytes.subarray(start, next < 0 ? bytes.length : next));
  return replace(
    bytes,
    start,
    null,
    change(record, random.below(record.length), () => random.below(256)),
  );
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
