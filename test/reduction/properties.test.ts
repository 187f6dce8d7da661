import { describe, expect, test } from "vitest";

import { bitsOf } from "#core/dtype.ts";
import type { TensorStatistics } from "#core/tensor.ts";
import { decode } from "#reduction/decode.ts";
import type { ReducibleDType, ReductionEngine } from "#reduction/engine.ts";
import { fullSumsOf } from "#reduction/fullSums.ts";
import { globalNorms } from "#reduction/globals.ts";
import { reduceTensor } from "#reduction/reduce.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";

import { createRandom, type Random } from "../support/random.ts";
import { bytesOf } from "../support/safetensors.ts";
import { entryOf, onnxEngine, openIn, reduceBytes, simdEngine } from "./engines.ts";

const ENGINES = [
  { name: "script", promise: 1e-12, engine: createScriptEngine() },
  { name: "simd", promise: 1e-12, engine: await simdEngine() },
  { name: "simd without relaxed SIMD", promise: 1e-12, engine: await simdEngine("plain") },
  { name: "onnxruntime", promise: 1e-7, engine: await onnxEngine() },
];

const DTYPES: readonly ReducibleDType[] = [
  ...(["F64", "F32", "C64", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F8_E8M0"] as const),
  ...(["F4", "BOOL", "I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64"] as const),
];

/** Enough for several rows, blocks and strides of every engine, and for none of them a whole number. */
const ELEMENTS = 70_003;

/** Between −1 and 1, with many digits. */
function unit(random: Random): number {
  return (random.below(2 ** 32) - 2 ** 31) / 2 ** 31;
}

/** Those that hold numbers of every size. */
const ENCODERS: Readonly<Partial<Record<ReducibleDType, (numbers: Float64Array) => ArrayBufferView>>> = {
  F64: (numbers) => numbers,
  F32: (numbers) => Float32Array.from(numbers),
  C64: (numbers) => Float32Array.from(numbers.subarray(1)),
  BF16: (numbers) => Uint16Array.from(new Uint32Array(Float32Array.from(numbers).buffer), (bits) => bits >>> 16),
};

/** Numbers up to a size, as their type holds them; of the narrow and whole types random bits. */
function bytesOfSize(dtype: ReducibleDType, size: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const encode = ENCODERS[dtype];
  return encode === undefined
    ? randomCodes(dtype, random)
    : bytesOf(encode(Float64Array.from({ length: ELEMENTS }, () => unit(random) * size)));
}

function randomCodes(dtype: ReducibleDType, random: Random): Uint8Array {
  const size = Math.ceil(bitsOf(dtype) / 8);
  return random
    .bytes((ELEMENTS - 1) * size)
    .map((byte, at) => (dtype.startsWith("F") && at % size === size - 1 ? (byte & 0xbf) % 0x80 : byte));
}

/** Neumaier's sum of squares, scaled so that none over- or underflows. */
function trueNorm(values: ArrayLike<number>): number {
  const scale = Array.from(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  let [sum, rest] = [0, 0];
  for (const value of Array.from(values)) {
    const square = scale === 0 ? 0 : (value / scale) ** 2;
    const next = sum + square;
    rest += sum >= square ? sum - next + square : square - next + sum;
    sum = next;
  }
  return scale * Math.sqrt(sum + rest);
}

describe.each(ENGINES)("the $name engine", ({ engine, promise }) => {
  test.each(DTYPES)("keeps its promise on %s of every size", async (dtype) => {
    for (const [seed, size] of (dtype in ENCODERS ? [1e-38, 1e-25, 1e-19, 1e-4, 1, 1e10, 1e19, 3e38] : [1]).entries()) {
      const bytes = bytesOfSize(dtype, size, seed + 1);
      const { l2, linf, ...counts } = await reduceBytes(engine, dtype, bytes);
      const values = decode({ dtype, bytes });
      const { l1 } = fullSumsOf({ dtype, bytes });
      const largest = Array.from(values).reduce((found, value) => Math.max(found, Math.abs(value)), 0);
      const slack = 1 + promise;
      expect({
        ...counts,
        linf,
        error: Math.abs(l2 / trueNorm(values) - 1) <= promise,
        order: linf <= l2 * slack && l2 <= l1 * slack && l1 <= Math.sqrt(values.length) * l2 * slack,
      }).toEqual({
        nan: 0,
        posInf: 0,
        negInf: 0,
        firstNonFinite: null,
        linf: largest,
        error: true,
        order: true,
      });
    }
  });

  test("finds a NaN at any place", async () => {
    const random = createRandom(4);
    const values = Float32Array.from({ length: ELEMENTS }, () => unit(random));
    for (let round = 0; round < 30; round += 1) {
      const place = random.below(ELEMENTS);
      const bytes = bytesOf(values.with(place, Number.NaN));
      const found = await reduceBytes(engine, "F32", bytes);
      expect(found).toMatchObject({ l2: Number.NaN, linf: Number.NaN, nan: 1, firstNonFinite: place });
    }
  });

  test("gives the same bits for parts that end where chunks end, and its promise for any", async () => {
    const chunk = engine.staging.chunkElements("BF16");
    const random = createRandom(6);
    const bytes = bytesOf(Uint16Array.from({ length: 3 * chunk + 1001 }, () => random.below(0x4000)));
    const whole = await inParts(engine, bytes, []);
    expect(await inParts(engine, bytes, [chunk])).toEqual(whole);
    expect(await inParts(engine, bytes, [2 * chunk])).toEqual(whole);
    expect(await inParts(engine, bytes, [chunk, 2 * chunk, 3 * chunk])).toEqual(whole);
    for (const cut of [1, 7, chunk - 1, chunk + 513, 3 * chunk + 1000, random.below(3 * chunk)]) {
      const { l2, ...others } = await inParts(engine, bytes, [cut]);
      expect({ ...whole, ...others }).toEqual(whole);
      expect(Math.abs(l2 / whole.l2 - 1)).toBeLessThanOrEqual(promise);
    }
  });
});

async function inParts(engine: ReductionEngine, bytes: Uint8Array, cuts: readonly number[]): Promise<TensorStatistics> {
  const ends = [...cuts.map((cut) => cut * 2), bytes.length];
  const parts = ends.map((end, at) => {
    const offset = ends[at - 1] ?? 0;
    return { file: "t", offset, byteLength: end - offset };
  });
  const outcome = await reduceTensor(engine, {
    entry: { ...entryOf("BF16", bytes.length), parts },
    open: openIn(bytes),
  });
  if (outcome.kind === "ok") {
    return outcome.value;
  }
  throw new Error(outcome.kind);
}

test("the square of a global norm is the sum of the squared norms, of any sizes in any order", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = createRandom(seed);
    const norms = Array.from({ length: 1 + random.below(50) }, () => Math.abs(unit(random)) * 10 ** random.below(9));
    const finite = { linf: 0, nan: 0, posInf: 0, negInf: 0, firstNonFinite: null };
    const measured = norms.map((l2, at) => ({ ...entryOf("F32", 4, at * 4), l2, ...finite }));
    const total = globalNorms(random.shuffled(measured)).gradient?.l2 ?? 0;
    expect(Math.abs(total / trueNorm(norms) - 1)).toBeLessThan(1e-14);
  }
});
