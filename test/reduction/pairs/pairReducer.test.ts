import { expect, test } from "vitest";

import type { TensorChange } from "#core/comparison.ts";
import { bitsOf } from "#core/dtype.ts";
import { decode } from "#reduction/decode.ts";
import type { Chunk, ReducibleDType } from "#reduction/engine.ts";
import { toChange } from "#reduction/pairs/change.ts";
import { NO_SCALES } from "#reduction/pairs/measure.ts";
import { createPairReducer, PIECE_ELEMENTS, type PairReducer, type Side } from "#reduction/pairs/pairReducer.ts";

import { createRandom, type Random } from "../../support/random.ts";

const VARIANTS = ["plain", "relaxed", "none"] as const;

const FAST: readonly (readonly [ReducibleDType, ReducibleDType])[] = [
  ["F32", "F32"],
  ["BF16", "BF16"],
  ["F16", "F16"],
  ["BF16", "F32"],
  ["F32", "BF16"],
  ["F16", "F32"],
  ["F32", "F16"],
];
const SLOW: readonly (readonly [ReducibleDType, ReducibleDType])[] = [
  ["F64", "F64"],
  ["F64", "F32"],
  ["F8_E4M3", "BF16"],
  ["I32", "I32"],
  ["BF16", "F16"],
];

/** What the definitions say, one element after another. */
function changeByDefinition(before: ArrayLike<number>, after: ArrayLike<number>): TensorChange {
  const pairs = Array.from(before, (from, at) => [from, after[at] ?? Number.NaN] as const);
  const sum = (of: (from: number, to: number) => number): number =>
    pairs.reduce((total, [from, to]) => total + of(from, to), 0);
  const count = (of: (from: number, to: number) => boolean): number => pairs.filter(([a, b]) => of(a, b)).length;
  return {
    before: Math.sqrt(sum((from) => from ** 2)),
    after: Math.sqrt(sum((_, to) => to ** 2)),
    delta: Math.sqrt(sum((from, to) => (to - from) ** 2)),
    dot: sum((from, to) => from * to),
    maxDelta: pairs.reduce((most, [from, to]) => Math.max(most, Math.abs(to - from)), 0),
    changed: count((from, to) => from !== to && !(Number.isNaN(from) && Number.isNaN(to))),
    roundedAway: count((from, to) => Math.abs(to - from) < Math.abs(from) / 2 ** 9),
    nonFiniteBefore: count((from) => !Number.isFinite(from)),
    nonFiniteAfter: count((_, to) => !Number.isFinite(to)),
  };
}

/** Numbers below 2 of every size, subnormal ones too; the second side is near the first in half of the elements. */
function randomPair(
  random: Random,
  [one, other]: readonly [ReducibleDType, ReducibleDType],
  elements: number,
): Chunk[] {
  const chunkOf = (dtype: ReducibleDType): Uint8Array => {
    const size = bitsOf(dtype) / 8;
    return random.bytes(elements * size).map((byte, at) => (at % size === size - 1 ? byte & 0xbf : byte));
  };
  const bytes = chunkOf(one);
  const second = one === other ? bytes.slice() : chunkOf(other);
  if (one === other) {
    const size = bitsOf(one) / 8;
    for (let at = 0; at < elements; at += 1) {
      const place = at * size + random.below(size);
      second[place] = random.below(2) === 0 ? (second[place] ?? 0) : random.below(0x3f);
    }
  }
  return [
    { dtype: one, bytes },
    { dtype: other, bytes: second },
  ];
}

function sumsOf(reducer: PairReducer, chunks: readonly Chunk[]): TensorChange {
  const placed = chunks.map(({ dtype, bytes }, side): Chunk => {
    const alignment = bitsOf(dtype) / 8;
    const place = reducer.place(side as Side, 0, { offset: 0, length: bytes.length, alignment });
    place.set(bytes);
    return { dtype, bytes: place };
  });
  return toChange(reducer.reduce([placed[0] as Chunk, placed[1] as Chunk], "change", NO_SCALES));
}

function expectNear(found: TensorChange, truth: TensorChange): void {
  const { before, after, delta, dot } = truth;
  expect({ ...found, before, after, delta, dot }).toEqual(truth);
  for (const key of ["before", "after", "delta"] as const) {
    expect(Math.abs(found[key] - truth[key])).toBeLessThanOrEqual(1e-13 * truth[key]);
  }
  expect(Math.abs(found.dot - dot)).toBeLessThanOrEqual(1e-13 * before * after);
}

test.each([...FAST, ...SLOW].flatMap((types) => VARIANTS.map((variant) => [...types, variant] as const)))(
  "the change from %s to %s (%s) is what the definitions say, for every length up to 70",
  async (one, other, variant) => {
    const random = createRandom(7);
    const reducer = await createPairReducer(variant);
    for (let elements = 0; elements <= 70; elements += 1) {
      const chunks = randomPair(random, [one, other], elements);
      const [before, after] = chunks.map(decode);
      expectNear(sumsOf(reducer, chunks), changeByDefinition(before ?? [], after ?? []));
    }
  },
);

test.each(FAST)("from %s to %s both kinds of SIMD give the same bits", async (one, other) => {
  const [plain, relaxed] = [await createPairReducer("plain"), await createPairReducer("relaxed")];
  const chunks = randomPair(createRandom(11), [one, other], 10_000);
  expect(sumsOf(relaxed, chunks)).toEqual(sumsOf(plain, chunks));
});

/** The same numbers: bfloat16 is the upper half of a float32. */
function widened({ bytes }: Chunk): Chunk {
  const codes = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  return { dtype: "F32", bytes: new Uint8Array(Uint32Array.from(codes, (code) => code * 2 ** 16).buffer) };
}

/** Some of the elements on either side are zeros of either sign, or numbers of the other sign. */
function withZeros(random: Random, { dtype, bytes }: Chunk): Chunk {
  const codes = new Uint16Array(bytes.slice().buffer).map((code) => {
    const choice = random.below(8);
    return choice === 0 ? 0 : choice === 1 ? 0x8000 : choice === 2 ? code ^ 0x8000 : code;
  });
  return { dtype, bytes: new Uint8Array(codes.buffer) };
}

test.each(VARIANTS)("the change of bfloat16 has the bits of the same numbers in float32 (%s)", async (variant) => {
  const random = createRandom(13);
  const reducer = await createPairReducer(variant);
  for (const elements of [...Array(70).keys(), 4095, 4096, 4097, PIECE_ELEMENTS]) {
    const chunks = randomPair(random, ["BF16", "BF16"], elements).map((chunk) => withZeros(random, chunk));
    expect(sumsOf(reducer, chunks)).toEqual(sumsOf(reducer, chunks.map(widened)));
  }
});

const BAD = [Number.NaN, Infinity, -Infinity];

test.each(VARIANTS)("NaN and ±Inf are counted on their side, and make norms what they are (%s)", async (variant) => {
  const reducer = await createPairReducer(variant);
  const chunks = [
    [1, Number.NaN, Infinity, 0, 5],
    [1, Number.NaN, 2, -Infinity, 4],
  ].map((values): Chunk => ({ dtype: "F32", bytes: new Uint8Array(Float32Array.from(values).buffer) }));
  expect(sumsOf(reducer, chunks)).toEqual({
    before: Number.NaN,
    after: Number.NaN,
    delta: Number.NaN,
    dot: Number.NaN,
    maxDelta: Number.NaN,
    changed: 3,
    roundedAway: 1,
    nonFiniteBefore: 2,
    nonFiniteAfter: 2,
  });
});

test.each(FAST.flatMap((types) => BAD.map((bad) => [...types, bad] as const)))(
  "from %s to %s a single %d on either side is seen",
  async (one, other, bad) => {
    const reducer = await createPairReducer();
    const bits: Readonly<Record<string, readonly [number, number, number]>> = {
      F32: [0x7fc00000, 0x7f800000, 0xff800000],
      BF16: [0x7fc0, 0x7f80, 0xff80],
      F16: [0x7e00, 0x7c00, 0xfc00],
    };
    for (const side of [0, 1]) {
      const chunks = [one, other].map((dtype, at): Chunk => {
        const codes = dtype === "F32" ? new Uint32Array(33) : new Uint16Array(33);
        codes[32] = at === side ? (bits[dtype]?.[BAD.findIndex((value) => Object.is(value, bad))] ?? 0) : 0;
        return { dtype, bytes: new Uint8Array(codes.buffer) };
      });
      const { nonFiniteBefore, nonFiniteAfter, changed } = sumsOf(reducer, chunks);
      expect([nonFiniteBefore, nonFiniteAfter, changed]).toEqual([1 - side, side, 1]);
    }
  },
);

test("every float16 has the same value in SIMD as in script", async () => {
  const reducer = await createPairReducer();
  const codes = Uint16Array.from({ length: 2 ** 16 }, (_, code) => code).filter((code) => (code & 0x7c00) !== 0x7c00);
  const values = Float32Array.from(decode({ dtype: "F16", bytes: new Uint8Array(codes.buffer) }));
  const { changed, maxDelta } = sumsOf(reducer, [
    { dtype: "F16", bytes: new Uint8Array(codes.buffer) },
    { dtype: "F32", bytes: new Uint8Array(values.buffer) },
  ]);
  expect([changed, maxDelta]).toEqual([0, 0]);
});
