import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { ReductionEngine } from "#reduction/engine.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";

import { bytesOf } from "../support/safetensors.ts";
import { gradientLike, normOfValues, onnxEngine, reduceBytes, simdEngine } from "./engines.ts";

const MANY = 3 * 1024 * 1024 + 777;

function bfloat16(values: Float32Array): Uint16Array {
  return new Uint16Array(new Uint32Array(values.buffer).map((bits) => bits >>> 16));
}

function widened(codes: Uint16Array): Float32Array {
  const bits = new Uint32Array(codes).map((code) => code * 0x1_0000);
  return new Float32Array(bits.buffer);
}

describe.each([
  { name: "script", create: async () => createScriptEngine() },
  { name: "onnxruntime", create: () => onnxEngine() },
  { name: "simd", create: () => simdEngine() },
])("the $name engine", ({ name, create }) => {
  let engine: ReductionEngine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => engine.dispose());

  test("says who it is", () => {
    expect({ name: engine.name, device: engine.device, threads: engine.threads }).toEqual({
      name,
      device: "cpu",
      threads: 1,
    });
  });

  test("three million float32 have the norm of float64 to 1e-8", async () => {
    const values = gradientLike(MANY);
    const { l2, linf } = await reduceBytes(engine, "F32", bytesOf(values));
    expect(Math.abs(l2 / normOfValues(values) - 1)).toBeLessThan(1e-8);
    expect(linf).toBe(values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0));
  });

  test("three million bfloat16 have the norm of float64 to 1e-7", async () => {
    const codes = bfloat16(gradientLike(MANY));
    const values = widened(codes);
    const { l2, linf } = await reduceBytes(engine, "BF16", bytesOf(codes));
    expect(Math.abs(l2 / normOfValues(values) - 1)).toBeLessThan(1e-7);
    expect(linf).toBe(values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0));
  });

  test.each([
    { what: "zeros", value: 0 },
    { what: "1e-25, whose square underflows float32", value: 1e-25 },
    { what: "1e20, whose square overflows float32", value: 1e20 },
    { what: "the smallest subnormal", value: 2 ** -149 },
    { what: "the largest float32", value: 3.4028234663852886e38 },
  ])("a hundred thousand times $what are measured", async ({ value }) => {
    const values = new Float32Array(100_000).fill(value);
    const { l2, linf } = await reduceBytes(engine, "F32", bytesOf(values));
    expect(linf).toBe(Math.fround(value));
    expect(value === 0 ? l2 : l2 / (Math.sqrt(100_000) * Math.fround(value))).toBeCloseTo(value === 0 ? 0 : 1, 12);
  });

  test.each([
    { what: "1e-25 twice", values: [1e-25, 1e-25], l2: Math.fround(1e-25) * Math.SQRT2 },
    { what: "1e20 twice", values: [1e20, 1e20], l2: Math.fround(1e20) * Math.SQRT2 },
  ])("$what among zeros is measured", async ({ values, l2 }) => {
    const data = new Float32Array(70_000);
    data.set(values, 35_000);
    expect((await reduceBytes(engine, "F32", bytesOf(data))).l2 / l2).toBeCloseTo(1, 14);
  });

  test.each([Number.NaN, Infinity, -Infinity])("%d is found wherever it stands in a row", async (bad) => {
    const found = [];
    const positions = [0, 1, 2, 3, 7, 8, 255, 256, 511, 512, 513, 65_535, 65_536, 69_999];
    for (const position of positions) {
      const data = gradientLike(70_000);
      data[position] = bad;
      found.push(await reduceBytes(engine, "F32", bytesOf(data)));
    }
    const size = Math.abs(bad);
    const counts = {
      nan: Number.isNaN(bad) ? 1 : 0,
      posInf: bad === Infinity ? 1 : 0,
      negInf: bad === -Infinity ? 1 : 0,
    };
    expect(found).toEqual(positions.map((firstNonFinite) => ({ l2: size, linf: size, ...counts, firstNonFinite })));
  });

  test("every NaN of a row is counted, whatever the row's other values", async () => {
    const data = bfloat16(gradientLike(1_500_000).map((value, index) => (index % 100_000 < 3 ? Number.NaN : value)));
    expect(await reduceBytes(engine, "BF16", bytesOf(data))).toMatchObject({ nan: 45, posInf: 0, firstNonFinite: 0 });
  });

  test("the first infinity of a later chunk is named by its index in the tensor", async () => {
    const data = gradientLike(MANY);
    data[3_000_001] = Infinity;
    data[3_000_002] = -Infinity;
    const counts = { nan: 0, posInf: 1, negInf: 1, firstNonFinite: 3_000_001 };
    expect(await reduceBytes(engine, "F32", bytesOf(data))).toEqual({ l2: Infinity, linf: Infinity, ...counts });
  });

  test("the result is the same bits wherever in a file the tensor lies", async () => {
    const data = bytesOf(gradientLike(1_200_000));
    const results = [];
    for (const offset of [0, 1, 3, 4, 63, 1001, 4096, 12_345]) {
      results.push((await reduceBytes(engine, "F32", data, offset)).l2);
    }
    expect(new Set(results).size).toBe(1);
  });
});

test("two threads give the bits of one", async () => {
  const engines = [await onnxEngine(1), await onnxEngine(2)];
  const data = bytesOf(gradientLike(MANY));
  const results = [];
  for (const engine of engines) {
    results.push((await reduceBytes(engine, "F32", data)).l2);
    await engine.dispose();
  }
  expect(results[0]).toBe(results[1]);
});
