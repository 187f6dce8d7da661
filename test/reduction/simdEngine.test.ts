import { beforeAll, describe, expect, test } from "vitest";

import { bitsOf } from "#core/dtype.ts";
import type { ReducibleDType, ReductionEngine } from "#reduction/engine.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";

import { bytesOf } from "../support/safetensors.ts";
import { f32, gradientLike, reduceBytes, simdEngine } from "./engines.ts";

let simd: ReductionEngine;
const script = createScriptEngine();
beforeAll(async () => {
  simd = await simdEngine();
});

const DTYPES: readonly ReducibleDType[] = [
  ...(["F64", "F32", "C64", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F8_E8M0"] as const),
  ...(["F4", "BOOL", "I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64"] as const),
];

/** The same random bits on every run. */
function randomBytes(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** Random numbers of which none is NaN or infinite, so that no kernel gives them to script. */
function finiteBytes(length: number, size: number): Uint8Array {
  return randomBytes(length * size, 21).map((byte, at) => (at % size === size - 1 ? byte & 0x3f : byte));
}

async function expectSame(dtype: ReducibleDType, data: Uint8Array, offset = 0): Promise<void> {
  const [{ l2, ...rest }, expected] = [
    await reduceBytes(simd, dtype, data, offset),
    await reduceBytes(script, dtype, data, offset),
  ];
  const { l2: expectedL2, ...expectedRest } = expected;
  expect(rest).toEqual(expectedRest);
  const isSame = Object.is(l2, expectedL2) || Math.abs(l2 / expectedL2 - 1) <= 1e-12;
  expect(isSame ? "" : `${dtype} of ${data.length} bytes at ${offset}: ${l2}, not ${expectedL2}`).toBe("");
}

describe.each(DTYPES)("%s agrees with the script engine", (dtype) => {
  const size = Math.max(1, bitsOf(dtype) / 8);

  test("at every length from 0 to 200", async () => {
    const bytes = randomBytes(201 * size, 7);
    for (let length = 0; length <= 200; length += 1) {
      await expectSame(dtype, bytes.slice(0, length * size), (length * 37) % 4096);
    }
  });

  test("at every place of two vectors, and at the end of a page", async () => {
    const bytes = randomBytes(77 * size, 11);
    for (const place of [...Array.from({ length: 128 }).keys(), 4095, 4096]) {
      await expectSame(dtype, bytes, place);
    }
  });

  test("to the bit with and without relaxed SIMD", async () => {
    const variants = [await simdEngine("plain"), await simdEngine("relaxed")];
    for (const length of [0, 1, 8, 77, 4096, 1_000_000]) {
      const bytes = finiteBytes(length, size);
      const [plain, relaxed] = await Promise.all(variants.map(async (engine) => reduceBytes(engine, dtype, bytes)));
      expect(relaxed).toEqual(plain);
    }
  });

  test("on single elements of random bits, NaN and Inf included", async () => {
    const bytes = randomBytes(500 * size, 99);
    for (let at = 0; at < bytes.length; at += size) {
      await expectSame(dtype, bytes.slice(at, at + size));
    }
  });

  test("over several chunks", async () => {
    await expectSame(dtype, randomBytes(1_300_000 - (1_300_000 % size), 3), 8);
  });
});

test.each(["F16", "BF16"] as const)("each of the 65,536 codes of %s has its square and size", async (dtype) => {
  const codes = new Uint16Array(1);
  for (let code = 0; code < 65_536; code += 1) {
    codes[0] = code;
    const bytes = bytesOf(codes);
    const [found, wanted] = [await reduceBytes(simd, dtype, bytes), await reduceBytes(script, dtype, bytes)];
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      expect({ code, ...found }).toEqual({ code, ...wanted });
    }
  }
});

test.each(DTYPES.filter((dtype) => bitsOf(dtype) <= 8))(
  "each of the 256 codes of %s has its square and size",
  async (dtype) => {
    const codes = Array.from({ length: 256 }, (_, code) => Uint8Array.of(code));
    const found = await Promise.all(codes.map(async (code) => reduceBytes(await simdEngine(), dtype, code)));
    const wanted = await Promise.all(codes.map(async (code) => reduceBytes(createScriptEngine(), dtype, code)));
    expect(found).toEqual(wanted);
  },
);

test("one NaN is found at each place of a vector, after numbers of every size", async () => {
  for (let at = 0; at < 70; at += 1) {
    const values = gradientLike(70, 1e30);
    values[at] = Number.NaN;
    await expectSame("F32", bytesOf(values));
    await expectSame("F64", bytesOf(Float64Array.from(values)));
  }
});

test.each([
  { what: "squares underflow", values: [3e-200, 4e-200], l2: 5e-200 },
  { what: "squares overflow", values: [3e200, 4e200], l2: 5e200 },
  { what: "elements are subnormal", values: [3 * 2 ** -1074, 4 * 2 ** -1074], l2: 5 * 2 ** -1074 },
])("float64 whose $what goes through the scaled sum", async ({ values, l2 }) => {
  expect((await reduceBytes(simd, "F64", bytesOf(Float64Array.from(values)))).l2 / l2).toBeCloseTo(1, 14);
});

test("a chunk that does not lie in the engine's memory is measured all the same", async () => {
  expect(await simd.reduce({ dtype: "F32", bytes: f32(3, 4) })).toEqual(
    await script.reduce({ dtype: "F32", bytes: f32(3, 4) }),
  );
});

test("what another tensor left in memory after the last element does not count", async () => {
  await reduceBytes(simd, "F32", bytesOf(new Float32Array(1000).fill(7)));
  expect((await reduceBytes(simd, "F32", f32(3, 4))).l2).toBe(5);
});
