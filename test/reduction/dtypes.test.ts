import { expect, test } from "vitest";

import type { DType } from "#core/dtype.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";

import { bytesOf } from "../support/safetensors.ts";
import { normOfValues, reduceBytes } from "./engines.ts";

const engine = createScriptEngine();
const FINITE = { nan: 0, posInf: 0, negInf: 0, firstNonFinite: null };

test.each([
  { dtype: "F64", data: bytesOf(Float64Array.of(3, -4)), l2: 5, linf: 4 },
  { dtype: "F32", data: bytesOf(Float32Array.of(3, -4, 0)), l2: 5, linf: 4 },
  { dtype: "F16", data: bytesOf(Uint16Array.of(0x4200, 0xc400)), l2: 5, linf: 4 },
  { dtype: "BF16", data: bytesOf(Uint16Array.of(0x4040, 0xc080)), l2: 5, linf: 4 },
  { dtype: "F8_E4M3", data: Uint8Array.of(0x44, 0xc8), l2: 5, linf: 4 },
  { dtype: "F8_E5M2", data: Uint8Array.of(0x42, 0xc4), l2: 5, linf: 4 },
  { dtype: "F8_E4M3FNUZ", data: Uint8Array.of(0x4c, 0xd0), l2: 5, linf: 4 },
  { dtype: "F8_E5M2FNUZ", data: Uint8Array.of(0x46, 0xc8), l2: 5, linf: 4 },
  { dtype: "F8_E8M0", data: Uint8Array.of(127, 127, 127, 127), l2: 2, linf: 1 },
  { dtype: "F4", data: Uint8Array.of(0xe5, 0x00), l2: 5, linf: 4 },
  { dtype: "C128", data: bytesOf(Float64Array.of(3, -4, 12, 0)), l2: 13, linf: 12 },
  { dtype: "C64", data: bytesOf(Float32Array.of(3, -4, 12, 0)), l2: 13, linf: 12 },
  { dtype: "C32", data: bytesOf(Uint16Array.of(0x4200, 0xc400, 0x4a00, 0)), l2: 13, linf: 12 },
  { dtype: "I64", data: bytesOf(BigInt64Array.of(3n, -4n)), l2: 5, linf: 4 },
  { dtype: "I32", data: bytesOf(Int32Array.of(3, -4)), l2: 5, linf: 4 },
  { dtype: "I16", data: bytesOf(Int16Array.of(3, -4)), l2: 5, linf: 4 },
  { dtype: "I8", data: bytesOf(Int8Array.of(3, -4)), l2: 5, linf: 4 },
  { dtype: "U64", data: bytesOf(BigUint64Array.of(3n, 4n)), l2: 5, linf: 4 },
  { dtype: "U32", data: bytesOf(Uint32Array.of(3, 4)), l2: 5, linf: 4 },
  { dtype: "U16", data: bytesOf(Uint16Array.of(3, 4)), l2: 5, linf: 4 },
  { dtype: "U8", data: Uint8Array.of(3, 4), l2: 5, linf: 4 },
  { dtype: "BOOL", data: Uint8Array.of(1, 0, 1, 1, 1), l2: 2, linf: 1 },
] as const)("3 and 4, or four ones, in $dtype have norm $l2", async ({ dtype, data, l2, linf }) => {
  expect(await reduceBytes(engine, dtype, data)).toEqual({ l2, linf, ...FINITE });
});

test.each([
  { extreme: "the most negative I64", dtype: "I64", data: bytesOf(BigInt64Array.of(-(2n ** 63n))), l2: 2 ** 63 },
  { extreme: "the largest U64", dtype: "U64", data: bytesOf(BigUint64Array.of(2n ** 64n - 1n)), l2: 2 ** 64 },
  { extreme: "the largest U32", dtype: "U32", data: bytesOf(Uint32Array.of(2 ** 32 - 1)), l2: 2 ** 32 - 1 },
  { extreme: "the most negative I8", dtype: "I8", data: Uint8Array.of(0x80), l2: 128 },
  { extreme: "the largest F16", dtype: "F16", data: bytesOf(Uint16Array.of(0x7bff)), l2: 65_504 },
  { extreme: "the smallest F16", dtype: "F16", data: bytesOf(Uint16Array.of(0x8001)), l2: 2 ** -24 },
  { extreme: "the smallest BF16", dtype: "BF16", data: bytesOf(Uint16Array.of(1)), l2: 2 ** -133 },
  { extreme: "the smallest F32", dtype: "F32", data: bytesOf(Uint32Array.of(1)), l2: 2 ** -149 },
  { extreme: "the largest E4M3", dtype: "F8_E4M3", data: Uint8Array.of(0xfe), l2: 448 },
  { extreme: "the smallest E4M3", dtype: "F8_E4M3", data: Uint8Array.of(1), l2: 2 ** -9 },
  { extreme: "the largest E5M2", dtype: "F8_E5M2", data: Uint8Array.of(0x7b), l2: 57_344 },
  { extreme: "the smallest E5M2", dtype: "F8_E5M2", data: Uint8Array.of(1), l2: 2 ** -16 },
  { extreme: "the largest E4M3FNUZ", dtype: "F8_E4M3FNUZ", data: Uint8Array.of(0x7f), l2: 240 },
  { extreme: "the largest E5M2FNUZ", dtype: "F8_E5M2FNUZ", data: Uint8Array.of(0xff), l2: 57_344 },
  { extreme: "the smallest E8M0", dtype: "F8_E8M0", data: Uint8Array.of(0), l2: 2 ** -127 },
  { extreme: "the largest F4", dtype: "F4", data: Uint8Array.of(0xf0), l2: 6 },
  { extreme: "a tiny F64", dtype: "F64", data: bytesOf(Float64Array.of(5e-324)), l2: 5e-324 },
  { extreme: "a tiny C128", dtype: "C128", data: bytesOf(Float64Array.of(0, 5e-324)), l2: 5e-324 },
  { extreme: "the largest F64", dtype: "F64", data: bytesOf(Float64Array.of(Number.MAX_VALUE)), l2: Number.MAX_VALUE },
] as const)("$extreme is its own norm", async ({ dtype, data, l2 }) => {
  expect(await reduceBytes(engine, dtype, data)).toEqual({ l2, linf: l2, ...FINITE });
});

test.each([
  { values: [3e200, 4e200], l2: 5e200 },
  { values: [3e-200, 4e-200], l2: 5e-200 },
  { values: [1e200, 1, 1e-200], l2: 1e200 },
  { values: [3e-160, 4e-160], l2: 5e-160 },
])("the float64 norm of $values is $l2 although its squares are not", async ({ values, l2 }) => {
  const statistics = await reduceBytes(engine, "F64", bytesOf(Float64Array.from(values)));
  expect(statistics.l2 / l2).toBeCloseTo(1, 14);
});

/** One code of a float with these exponent bits, fraction bits and bias, straight from IEEE 754's definition. */
function decode(code: number, [exponentBits, fractionBits, bias]: readonly [number, number, number]): number {
  const digits = code.toString(2).padStart(1 + exponentBits + fractionBits, "0");
  const exponent = Number.parseInt(digits.slice(1, 1 + exponentBits), 2);
  const fraction = Number.parseInt(digits.slice(1 + exponentBits), 2) / 2 ** fractionBits;
  const sign = digits.startsWith("1") ? -1 : 1;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

const FORMATS: readonly [DType, readonly [number, number, number], (code: number) => boolean][] = [
  ["F16", [5, 10, 15], (code) => (code & 0x7c00) !== 0x7c00],
  ["BF16", [8, 7, 127], (code) => (code & 0x7f80) !== 0x7f80],
  ["F8_E4M3", [4, 3, 7], (code) => (code & 0x7f) !== 0x7f],
  ["F8_E5M2", [5, 2, 15], (code) => (code & 0x7c) !== 0x7c],
  ["F8_E4M3FNUZ", [4, 3, 8], (code) => code !== 0x80],
  ["F8_E5M2FNUZ", [5, 2, 16], (code) => code !== 0x80],
];

test.each(FORMATS)(
  "all finite codes of %s together have the norm of the values they stand for",
  async (dtype, format, isFinite) => {
    const width = 1 + format[0] + format[1];
    const codes = Array.from({ length: 2 ** width }, (_, code) => code).filter(isFinite);
    const data = width === 16 ? bytesOf(Uint16Array.from(codes)) : Uint8Array.from(codes);
    const values = codes.map((code) => decode(code, format));
    const { l2, ...others } = await reduceBytes(engine, dtype, data);
    expect(others).toEqual({ linf: Math.max(...values), ...FINITE });
    expect(l2 / normOfValues(values)).toBeCloseTo(1, 12);
  },
);

test.each([
  { dtype: "F16", data: bytesOf(Uint16Array.of(0, 0xfc00, 0x7c00, 0x7c01, 0x7c00)) },
  { dtype: "BF16", data: bytesOf(Uint16Array.of(0, 0xff80, 0x7f80, 0x7f81, 0x7f80)) },
  { dtype: "F8_E5M2", data: Uint8Array.of(0, 0xfc, 0x7c, 0x7d, 0x7c) },
  { dtype: "F32", data: bytesOf(Float32Array.of(0, -Infinity, Infinity, Number.NaN, Infinity)) },
  { dtype: "F64", data: bytesOf(Float64Array.of(0, -Infinity, Infinity, Number.NaN, Infinity)) },
  { dtype: "C64", data: bytesOf(Float32Array.of(0, 0, 1, -Infinity, Infinity, 1, 1, Number.NaN, Infinity, 0)) },
] as const)("one NaN, two +Inf and one -Inf in $dtype are counted", async ({ dtype, data }) => {
  const counts = { nan: 1, posInf: 2, negInf: 1, firstNonFinite: 1 };
  expect(await reduceBytes(engine, dtype, data)).toEqual({ l2: Number.NaN, linf: Number.NaN, ...counts });
});

test.each(["F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F8_E8M0"] as const)(
  "%s has NaN but no infinity",
  async (dtype) => {
    const statistics = await reduceBytes(
      engine,
      dtype,
      Uint8Array.from({ length: 256 }, (_, code) => code),
    );
    expect(statistics).toMatchObject({ nan: dtype === "F8_E4M3" ? 2 : 1, posInf: 0, negInf: 0, l2: Number.NaN });
  },
);
