import { expect, test } from "vitest";
import { createFullCollector } from "#reduction/fullStatistics.ts";
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
  collector.add({ dtype, bytes: data });
  expect(collector.finish()).toEqual(expected);
});

test.each([
  { what: "a NaN", values: [1, nan], l1: nan, mean: nan },
  { what: "+Inf", values: [1, Infinity], l1: Infinity, mean: Infinity },
  { what: "+Inf and −Inf", values: [Infinity, -Infinity], l1: Infinity, mean: nan },
])("$what shows in L1 and mean, and is no zero", ({ values, l1, mean }) => {
  const collector = createFullCollector({ dtype: "F32", elements: 2 });
  collector.add({ dtype: "F32", bytes: bytesOf(Float32Array.from(values)) });
  expect(collector.finish()).toEqual({ l1, mean, zeros: 0 });
});

test("a tensor without elements has no mean", () => {
  expect(createFullCollector({ dtype: "F32", elements: 0 }).finish()).toEqual({ l1: 0, mean: null, zeros: 0 });
});

test("chunks add up", () => {
  const collector = createFullCollector({ dtype: "F32", elements: 4 });
  for (const values of [[1, 0], [-3], [0]]) {
    collector.add({ dtype: "F32", bytes: bytesOf(Float32Array.from(values)) });
  }
  expect(collector.finish()).toEqual({ l1: 4, mean: -0.5, zeros: 2 });
});
