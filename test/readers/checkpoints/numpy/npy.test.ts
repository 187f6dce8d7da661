import { expect, test } from "vitest";
import { describeFailure } from "#l10n/failure.ts";

import { indexed, indexOf, kindsWhenCut, measure } from "../../../support/measure.ts";
import { npyFile, npyHeader } from "../../../support/npy.ts";
import { bytesOf, concat } from "../../../support/safetensors.ts";

const THREE_FOUR = bytesOf(Float32Array.of(3, 4));

test("an array is one tensor, called as its file, behind its header", async () => {
  const bytes = npyFile({ descr: "<f4", shape: [2, 1], data: THREE_FOUR });
  const parts = [{ file: "grads.npy", offset: 128, byteLength: 8 }];
  const tensor = {
    name: "grads",
    kind: "gradient",
    dtype: "F32",
    shape: [2, 1],
    elements: 2,
    file: "grads.npy",
    parts,
  };
  expect(await indexed(bytes, "grads.npy")).toEqual({ format: "npy", tensors: [tensor], metadata: {}, notes: [] });
});

test.each([
  { descr: "<f8", data: Float64Array.of(3, -4), dtype: "F64" },
  { descr: "<f4", data: Float32Array.of(3, -4), dtype: "F32" },
  { descr: "=f4", data: Float32Array.of(3, -4), dtype: "F32" },
  { descr: ">f4", data: Uint8Array.of(0x40, 0x40, 0, 0, 0xc0, 0x80, 0, 0), dtype: "F32" },
  { descr: "<f2", data: Uint16Array.of(0x4200, 0xc400), dtype: "F16" },
  { descr: ">f2", data: Uint8Array.of(0x42, 0, 0xc4, 0), dtype: "F16" },
  { descr: "<V2", data: Uint16Array.of(0x4040, 0xc080), dtype: "BF16" },
  { descr: "|V2", data: Uint16Array.of(0x4040, 0xc080), dtype: "BF16" },
  { descr: "<c8", data: Float32Array.of(3, 0, 0, 4), dtype: "C64" },
  { descr: ">c8", data: Uint8Array.of(0x40, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x80, 0, 0), dtype: "C64" },
  { descr: "<c16", data: Float64Array.of(3, 0, 0, 4), dtype: "C128" },
  { descr: "<i8", data: BigInt64Array.of(3n, -4n), dtype: "I64" },
  { descr: ">i4", data: Uint8Array.of(0, 0, 0, 3, 255, 255, 255, 252), dtype: "I32" },
  { descr: "<i2", data: Int16Array.of(3, -4), dtype: "I16" },
  { descr: "|i1", data: Int8Array.of(3, -4), dtype: "I8" },
  { descr: "<u8", data: BigUint64Array.of(3n, 4n), dtype: "U64" },
  { descr: "<u4", data: Uint32Array.of(3, 4), dtype: "U32" },
  { descr: "<u2", data: Uint16Array.of(3, 4), dtype: "U16" },
  { descr: "|u1", data: Uint8Array.of(3, 4), dtype: "U8" },
])("two elements of $descr are $dtype, and 3 and 4 have the norm 5", async ({ descr, data, dtype }) => {
  const [tensor] = await measure(npyFile({ descr, shape: [2], data: bytesOf(data) }), "a.npy");
  expect([tensor?.dtype, tensor?.l2]).toEqual([dtype, 5]);
});

test.each([1, 2, 3] as const)("version %i of the format is read", async (version) => {
  const [tensor] = await measure(npyFile({ descr: "<f4", shape: [2], data: THREE_FOUR, version }), "a.npy");
  expect(tensor?.l2).toBe(5);
});

test.each([
  { array: "a scalar", shape: [], data: THREE_FOUR.subarray(0, 4), norm: 3 },
  { array: "an array without elements", shape: [0, 3], data: new Uint8Array(), norm: 0 },
  { array: "a row", shape: [2], data: THREE_FOUR, norm: 5 },
])("$array has the norm $norm", async ({ shape, data, norm }) => {
  const [tensor] = await measure(npyFile({ descr: "<f4", shape, data }), "a.npy");
  expect([tensor?.shape, tensor?.l2]).toEqual([shape, norm]);
});

test("in Fortran's order the first dimension runs fastest, and a NaN is found where it is", async () => {
  const data = bytesOf(Float32Array.of(0, 1, 2, Number.NaN, 4, 5));
  const [tensor] = await measure(npyFile({ descr: "<f4", shape: [2, 3], data, isFortran: true }), "a.npy");
  expect([tensor?.parts[0]?.strides, tensor?.firstNonFinite]).toEqual([[1, 2], 4]);
});

test("Python 2's long numbers and lists for tuples are read", async () => {
  const header = npyHeader("{'shape': [2L], 'fortran_order': False, 'descr': \"<f4\"}");
  expect((await measure(concat([header, THREE_FOUR]), "a.npy"))[0]?.l2).toBe(5);
});

test("what follows the array is told, not read", async () => {
  const bytes = concat([npyFile({ descr: "<f4", shape: [2], data: THREE_FOUR }), THREE_FOUR]);
  expect((await indexed(bytes, "a.npy")).notes).toEqual(["8 bytes follow the array and were not read."]);
});

const SHAPE = "'fortran_order': False, 'shape': (2,)";

test.each([
  { header: `{'descr': '|O', ${SHAPE}}`, what: "pickled Python objects" },
  { header: `{'descr': '<U3', ${SHAPE}}`, what: "text" },
  { header: `{'descr': '<M8[ns]', ${SHAPE}}`, what: "<M8[ns] (dates)" },
  { header: `{'descr': '<f16', ${SHAPE}}`, what: "wider than float64" },
  { header: `{'descr': '|V5', ${SHAPE}}`, what: "bytes without a meaning" },
  { header: `{'descr': '<x4', ${SHAPE}}`, what: "<x4" },
  { header: `{'descr': [('a', '<f4'), ('b', '<i4', (2,))], ${SHAPE}}`, what: "records of several fields" },
])("the header $header is unsupported, by name", async ({ header, what }) => {
  const outcome = await indexOf(npyHeader(header), "a.npy");
  expect([outcome.kind, outcome.kind === "ok" ? "" : describeFailure(outcome)]).toEqual([
    "unsupported",
    expect.stringContaining(what) as string,
  ]);
});

test.each([
  { header: "", what: "found none" },
  { header: "{", what: "closed text" },
  { header: "[1, 2]", what: "needs descr" },
  { header: `{'descr': '<f4', ${SHAPE}}}`, what: "follows the end" },
  { header: `{'descr': '<f4', 'descr': '<f8', ${SHAPE}}`, what: "twice" },
  { header: "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", what: "needs descr" },
  { header: "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", what: "needs descr" },
  { header: "{'descr': '<f4', 'fortran_order': False, 'shape': 2}", what: "needs descr" },
  { header: "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}", what: "found 2.0" },
  { header: "{'descr': '<f4', 'fortran_order': False, 'shape': (9007199254740993,)}", what: "found 9007199254740993" },
  { header: "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", what: "2^53 bytes" },
  { header: `{'descr': '<f4', 'fortran_order': False, 'shape': (${"1,".repeat(65)})}`, what: "needs descr" },
  { header: `{'descr': '<f\\'4', ${SHAPE}}`, what: "without escapes" },
  { header: `{'descr': __import__('os'), ${SHAPE}}`, what: "Expected" },
  { header: "(".repeat(5000), what: "nested deeper" },
  { header: "{'a': ".repeat(5000), what: "nested deeper" },
])("the header $header is malformed", async ({ header, what }) => {
  const outcome = await indexOf(npyHeader(header), "a.npy");
  expect([outcome.kind, outcome.kind === "ok" ? "" : describeFailure(outcome)]).toEqual([
    "malformed",
    expect.stringContaining(what) as string,
  ]);
});

test("a version that is not known yet is unsupported", async () => {
  expect(await indexOf(npyHeader("{}", 4), "a.npy")).toMatchObject({ kind: "unsupported" });
});

test("a header of four gigabytes is malformed, and not waited for", async () => {
  const bytes = concat([npyHeader("", 2).subarray(0, 8), Uint8Array.of(255, 255, 255, 255)]);
  expect(await indexOf(bytes, "a.npy")).toMatchObject({ kind: "malformed" });
});

test("an array cut at any byte is incomplete", async () => {
  const bytes = npyFile({ descr: "<f4", shape: [2], data: THREE_FOUR, version: 2 });
  expect(await kindsWhenCut(bytes, "a.npy")).toEqual(new Set(["incomplete"]));
  expect(await indexOf(bytes.subarray(0, -1), "a.npy")).toEqual({
    kind: "incomplete",
    have: bytes.length - 1,
    need: bytes.length,
  });
});
