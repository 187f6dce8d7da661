import { expect, test } from "vitest";
import { decode } from "#reduction/decode.ts";
import type { ReducibleDType } from "#reduction/engine.ts";
import { createFullCollector } from "#reduction/fullStatistics.ts";
import { fullSumsOf } from "#reduction/fullSums.ts";
import { bitsOf } from "#core/dtype.ts";
import { createRandom } from "../support/random.ts";
import { bytesOf } from "../support/safetensors.ts";

const { NaN: nan } = Number;

test.each([
  { dtype: "F64", data: bytesOf(Float64Array.of(3, -4, 0, -0)), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "F32", data: bytesOf(Float32Array.of(3, -4, 0, -0)), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "F16", data: bytesOf(Uint16Array.of(0x4200, 0xc400, 0, 0x8000)), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "BF16", data: bytesOf(Uint16Array.of(0x4040, 0xc080, 0, 0x8000)), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "F8_E4M3", data: Uint8Array.of(0x44, 0xc8, 0, 0x80), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "F8_E5M2", data: Uint8Array.of(0x42, 0xc4, 0, 0x80), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "F8_E4M3FNUZ", data: Uint8Array.of(0x4c, 0xd0, 0, 0), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "F8_E5M2FNUZ", data: Uint8Array.of(0x46, 0xc8, 0, 0), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "F8_E8M0", data: Uint8Array.of(127, 128, 127, 127), l1: 5, mean: 1.25, zeros: 0 },
  { dtype: "F4", data: Uint8Array.of(0xe5, 0x80), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "C64", data: bytesOf(Float32Array.of(3, -4, 0, 0, 0, -0, 6, 8)), l1: 15, mean: null, zeros: 2 },
  { dtype: "I64", data: bytesOf(BigInt64Array.of(3n, -4n, 0n, 0n)), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "I32", data: bytesOf(Int32Array.of(3, -4, 0, 0)), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "I16", data: bytesOf(Int16Array.of(3, -4, 0, 0)), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "I8", data: bytesOf(Int8Array.of(3, -4, 0, 0)), l1: 7, mean: -0.25, zeros: 2 },
  { dtype: "U64", data: bytesOf(BigUint64Array.of(3n, 5n, 0n, 0n)), l1: 8, mean: 2, zeros: 2 },
  { dtype: "U32", data: bytesOf(Uint32Array.of(3, 5, 0, 0)), l1: 8, mean: 2, zeros: 2 },
  { dtype: "U16", data: bytesOf(Uint16Array.of(3, 5, 0, 0)), l1: 8, mean: 2, zeros: 2 },
  { dtype: "U8", data: Uint8Array.of(3, 5, 0, 0), l1: 8, mean: 2, zeros: 2 },
  { dtype: "BOOL", data: Uint8Array.of(1, 0, 1, 0), l1: 2, mean: 0.5, zeros: 2 },
] as const)("four elements of $dtype have L1 $l1, mean $mean and $zeros zeros", ({ dtype, data, ...expected }) => {
  const collector = createFullCollector({ dtype, elements: 4 });
  collector.add(fullSumsOf({ dtype, bytes: data }));
  expect(collector.finish()).toMatchObject(expected);
});

test.each([
  { what: "a NaN", values: [1, nan], l1: nan, mean: nan },
  { what: "+Inf", values: [1, Infinity], l1: Infinity, mean: Infinity },
  { what: "+Inf and −Inf", values: [Infinity, -Infinity], l1: Infinity, mean: nan },
])("$what shows in L1 and mean, and is no zero", ({ values, l1, mean }) => {
  const collector = createFullCollector({ dtype: "F32", elements: 2 });
  collector.add(fullSumsOf({ dtype: "F32", bytes: bytesOf(Float32Array.from(values)) }));
  expect(collector.finish()).toMatchObject({
    l1,
    mean,
    zeros: 0,
    histogram: { counts: values.includes(1) ? [1] : [] },
  });
});

test("a tensor without elements has no mean", () => {
  expect(createFullCollector({ dtype: "F32", elements: 0 }).finish()).toEqual({
    l1: 0,
    mean: null,
    zeros: 0,
    histogram: { firstExponent: 0, counts: [] },
  });
});

test("chunks add up", () => {
  const collector = createFullCollector({ dtype: "F32", elements: 4 });
  for (const values of [[1, 0], [-3], [0]]) {
    collector.add(fullSumsOf({ dtype: "F32", bytes: bytesOf(Float32Array.from(values)) }));
  }
  expect(collector.finish()).toEqual({
    l1: 4,
    mean: -0.5,
    zeros: 2,
    histogram: { firstExponent: 0, counts: [1, 1] },
  });
});

test.each([
  {
    what: "powers of two and their neighbours",
    values: [1, 1.999, 2, 0.5, 0.499],
    firstExponent: -2,
    counts: [1, 1, 2, 1],
  },
  { what: "zeros, NaN and infinities", values: [0, -0, nan, Infinity, -Infinity], firstExponent: 0, counts: [] },
  { what: "the smallest float32 and another", values: [2 ** -149, -(2 ** -148)], firstExponent: -149, counts: [1, 1] },
  { what: "the largest float32", values: [3.4028234663852886e38], firstExponent: 127, counts: [1] },
])("the histogram counts $what by their exponents", ({ values, firstExponent, counts }) => {
  const collector = createFullCollector({ dtype: "F32", elements: values.length });
  collector.add(fullSumsOf({ dtype: "F32", bytes: bytesOf(Float32Array.from(values)) }));
  expect(collector.finish().histogram).toEqual({ firstExponent, counts });
});

test("float64 beyond the range of float32 is in the outermost bins, subnormal or not", () => {
  const values = Float64Array.of(5e-324, 1e-300, 2 ** -150, 2 ** -148, 2 ** 127, 2 ** 128, 2 ** 129, 1e308, 0, nan);
  const collector = createFullCollector({ dtype: "F64", elements: values.length });
  collector.add(fullSumsOf({ dtype: "F64", bytes: bytesOf(values) }));
  const { zeros, histogram } = collector.finish();
  expect({ zeros, ...histogram }).toEqual({
    zeros: 1,
    firstExponent: -149,
    counts: [3, 1, ...Array.from({ length: 274 }, () => 0), 1, 3],
  });
});

/** One element after another, by the definition. */
function slowFull(values: readonly number[]): unknown {
  const bins = new Map<number, number>();
  for (const size of values.map(Math.abs).filter((value) => value > 0 && value < Infinity)) {
    const near = Math.floor(Math.log2(size));
    const exponent = 2 ** near > size ? near - 1 : near + (2 ** (near + 1) <= size ? 1 : 0);
    const bin = Math.min(Math.max(exponent, -149), 128);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  return { zeros: values.filter((value) => value === 0).length, bins };
}

const DTYPES: readonly ReducibleDType[] = [
  ...(["F64", "F32", "C64", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F8_E8M0"] as const),
  ...(["F4", "BOOL", "I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64"] as const),
];

test.each(DTYPES)("zeros and exponents of random %s are counted, in few and in many elements", (dtype) => {
  const random = createRandom(8);
  for (const length of [8, 8 * 1021, 8 * 40_000]) {
    const bytes = random.bytes(length).map((byte) => (byte < 64 ? 0 : byte));
    const elements = (bytes.length * 8) / bitsOf(dtype);
    const collector = createFullCollector({ dtype, elements });
    collector.add(fullSumsOf({ dtype, bytes }));
    const { zeros, histogram } = collector.finish();
    const bins = new Map(
      histogram.counts
        .map((count, at) => [histogram.firstExponent + at, count] as const)
        .filter(([, count]) => count > 0),
    );
    expect({ zeros, bins }).toEqual(slowFull(Array.from(decode({ dtype, bytes }))));
  }
});

test.each(DTYPES)("L1 and sum of many %s are those of the elements to the last digits", (dtype) => {
  const size = dtype === "C64" ? 4 : Math.ceil(bitsOf(dtype) / 8);
  const bytes = createRandom(9)
    .bytes(8 * 40_000)
    .map((byte, at) => (at % size === size - 1 ? byte & 0xbf : byte));
  const finite = dtype.endsWith("FNUZ") ? bytes.map((byte) => (byte === 0x80 ? 1 : byte)) : bytes;
  const values = Array.from(decode({ dtype, bytes: finite }));
  const { l1, sum } = fullSumsOf({ dtype, bytes: finite });
  const expected = values.reduce((total, value) => total + Math.abs(value), 0);
  expect(Math.abs(l1 / expected - 1)).toBeLessThan(1e-12);
  expect(Math.abs(sum - values.reduce((total, value) => total + value, 0)) / expected).toBeLessThan(1e-12);
});
