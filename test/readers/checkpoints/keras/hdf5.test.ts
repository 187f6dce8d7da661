import { expect, test } from "vitest";
import { describeFailure } from "#l10n/failure.ts";

import { hdf5File, message, type TestDataset, type TestGroup } from "../../../support/hdf5.ts";
import { indexed, indexOf, kindsWhenCut, measure, normsIn } from "../../../support/measure.ts";
import { bytesOf, concat } from "../../../support/safetensors.ts";
import { u32, u64 } from "../../../support/zip.ts";

const THREE_FOUR = bytesOf(Float32Array.of(3, 4));
const ROW: TestDataset = { type: "<f4", shape: [2], data: THREE_FOUR };
/** 0 to 34, whose chunks of 2 by 3 reach over both edges. */
const TABLE: TestDataset = {
  type: "<f4",
  shape: [5, 7],
  data: bytesOf(Float32Array.from({ length: 35 }, (_, at) => at)),
  chunk: [2, 3],
};
const TABLE_NORM = Math.sqrt(13_685);

test("a dataset in one piece is a range of the file, called by its path", async () => {
  const bytes = hdf5File({ children: { grads: { children: { layer: ROW } } } });
  const parts = [{ file: "a.h5", offset: 96, byteLength: 8 }]; // Behind the superblock.
  expect(await indexed(bytes, "a.h5")).toEqual({
    format: "hdf5",
    tensors: [{ name: "grads/layer", kind: "gradient", dtype: "F32", shape: [2], elements: 2, file: "a.h5", parts }],
    metadata: {},
    notRead: [],
    notes: [],
  });
});

test.each([
  { type: "<f8", data: Float64Array.of(3, -4), dtype: "F64" },
  { type: ">f4", data: Uint8Array.of(0x40, 0x40, 0, 0, 0xc0, 0x80, 0, 0), dtype: "F32" },
  { type: "<f2", data: Uint16Array.of(0x4200, 0xc400), dtype: "F16" },
  { type: "<bfloat16", data: Uint16Array.of(0x4040, 0xc080), dtype: "BF16" },
  { type: "<i8", data: BigInt64Array.of(3n, -4n), dtype: "I64" },
  { type: ">i2", data: Uint8Array.of(0, 3, 255, 252), dtype: "I16" },
  { type: "<i1", data: Int8Array.of(3, -4), dtype: "I8" },
  { type: "<u4", data: Uint32Array.of(3, 4), dtype: "U32" },
])("two elements of $type are $dtype, and 3 and 4 have the norm 5", async ({ type, data, dtype }) => {
  const bytes = hdf5File({ children: { x: { type, shape: [2], data: bytesOf(data) } } });
  const [tensor] = await measure(bytes, "a.h5");
  expect([tensor?.dtype, tensor?.l2]).toEqual([dtype, 5]);
});

test.each([
  { how: "as they are", filters: [] },
  { how: "deflated", filters: ["deflate"] },
  { how: "shuffled", filters: ["shuffle"] },
  { how: "shuffled and deflated", filters: ["shuffle", "deflate"] },
] as const)("chunks that are stored $how count no padding at the edges", async ({ filters }) => {
  const [tensor] = await measure(hdf5File({ children: { x: { ...TABLE, filters } } }), "a.h5");
  expect([tensor?.parts.length, tensor?.l2]).toEqual([9, TABLE_NORM]);
});

test("a NaN in a chunk is found at its place in the tensor", async () => {
  const data = bytesOf(Float32Array.from({ length: 35 }, (_, at) => (at === 24 ? Number.NaN : at)));
  const filters = ["shuffle", "deflate"] as const;
  const [tensor] = await measure(hdf5File({ children: { x: { ...TABLE, data, filters } } }), "a.h5");
  expect([tensor?.nan, tensor?.firstNonFinite]).toEqual([1, 24]);
});

test("chunks that were never written have the fill value, which is zero unless the file says another", async () => {
  const filled = { ...TABLE, missing: ["0,0", "2,2"], fillValue: bytesOf(Float32Array.of(2)) };
  const bytes = hdf5File({ children: { filled, zero: { ...TABLE, missing: ["0,0"] } } });
  const corner = [0, 1, 2, 7, 8, 9];
  const without = TABLE_NORM ** 2 - corner.reduce((sum, value) => sum + value ** 2, 0);
  expect(await normsIn(bytes, "a.h5")).toEqual({
    filled: Math.sqrt(without - 34 ** 2 + 7 * 4),
    zero: Math.sqrt(without),
  });
});

test("a dataset of which nothing was written is its fill value everywhere, and a note says so", async () => {
  const never = { type: ">f4", shape: [100, 100], data: new Uint8Array(), fillValue: Uint8Array.of(0x40, 0x40, 0, 0) };
  const bytes = hdf5File({ children: { never } });
  expect([await normsIn(bytes, "a.h5"), (await indexed(bytes, "a.h5")).notes]).toEqual([
    { never: 300 },
    ["never: no elements were written; all of them have the file's default value."],
  ]);
});

test("scalars and empty datasets are read", async () => {
  const scalar = { type: "<f4", shape: [], data: THREE_FOUR.subarray(4) };
  const empty = { type: "<f4", shape: [0, 3], data: new Uint8Array() };
  expect(await normsIn(hdf5File({ children: { scalar, empty } }), "a.h5")).toEqual({ scalar: 4, empty: 0 });
});

test("a dataset with two names and soft links is listed once", async () => {
  const root: TestGroup = { children: { a: ROW, b: { alias: "a" }, c: { soft: "/a" } } };
  expect((await indexed(hdf5File(root), "a.h5")).tensors.map(({ name }) => name)).toEqual(["a"]);
});

test("children come in the order of their numbers", async () => {
  const children = Object.fromEntries(["10", "9", "b2", "b10", "1", "a"].map((name) => [name, ROW]));
  const { tensors } = await indexed(hdf5File({ children }), "a.h5");
  expect(tensors.map(({ name }) => name)).toEqual(["1", "9", "10", "a", "b2", "b10"]);
});

test("bfloat16 as Keras writes it is told by an attribute; other bytes without a meaning are no tensor", async () => {
  const data = bytesOf(Uint16Array.of(0x4040, 0xc080));
  const opaque = { type: "opaque2", shape: [2], data };
  const bytes = hdf5File({ children: { x: { ...opaque, attributes: { dtype: "bfloat16" } }, y: opaque } });
  const { tensors, notRead } = await indexed(bytes, "a.h5");
  expect([tensors.map(({ name, dtype }) => [name, dtype]), notRead]).toEqual([
    [["x", "BF16"]],
    [{ name: "y", what: "a dataset of bytes without a meaning" }],
  ]);
});

const FILTER = (id: number): Uint8Array =>
  message(0x0b, concat([Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0), Uint8Array.of(id, id >> 8, 0, 0, 0, 0, 0, 0)]));

test.each([
  { odd: "text", dataset: { ...ROW, type: "text4" }, what: "a dataset of text" },
  {
    odd: "numbers of 12 bits",
    dataset: { ...ROW, type: Uint8Array.of(0x10, 0, 0, 0, 4, 0, 0, 0, 0, 0, 12, 0) },
    what: "a dataset of integers of 12 bits in 4 bytes",
  },
  {
    odd: "numbers of the VAX",
    dataset: { ...ROW, type: Uint8Array.of(0x11, 0x61, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0) },
    what: "a dataset of floating-point numbers of 32 bits in a form of their own",
  },
  {
    odd: "a filter by its number",
    dataset: { ...TABLE, messages: [FILTER(32_026)] },
    what: "a dataset with the filter blosc2",
  },
  {
    odd: "an unknown filter",
    dataset: { ...TABLE, messages: [FILTER(999)] },
    what: "a dataset with the filter number 999",
  },
  {
    odd: "elements in other files",
    dataset: { ...ROW, messages: [message(7, new Uint8Array(16))] },
    what: "a dataset with its elements in other files, which are not followed",
  },
])("a dataset with $odd is named, and the others read", async ({ dataset, what }) => {
  const { tensors, notRead } = await indexed(hdf5File({ children: { odd: dataset, row: ROW } }), "a.h5");
  expect([tensors.map(({ name }) => name), notRead]).toEqual([["row"], [{ name: "odd", what }]]);
});

/** The file with the bytes at the first place of `sign`, and `after` bytes more, overwritten. */
function overwritten(bytes: Uint8Array, sign: string, { after, by }: { after: number; by: Uint8Array }): Uint8Array {
  const changed = bytes.slice();
  changed.set(by, Buffer.from(bytes).indexOf(sign) + after);
  return changed;
}

const ROOT = hdf5File({ children: { a: ROW, table: TABLE } });
const TREE_OF_CHUNKS = Buffer.from(ROOT).indexOf("TREE");

test.each([
  {
    attack: "a tree with levels it does not have",
    sign: "TREE",
    after: 4,
    by: concat([Uint8Array.of(1, 9)]),
    what: "no TREE",
  },
  { attack: "a tree of another kind", sign: "TREE", after: 4, by: Uint8Array.of(7), what: "does not belong" },
  { attack: "a heap of names outside the file", sign: "HEAP", after: 24, by: u64(2 ** 50), what: "outside the file" },
  { attack: "names of a petabyte", sign: "HEAP", after: 8, by: u64(2 ** 50), what: "more than 100000000" },
  { attack: "no table of symbols", sign: "SNOD", after: 0, by: Uint8Array.of(0), what: "no SNOD" },
  {
    attack: "more symbols than the file has room for",
    sign: "SNOD",
    after: 6,
    by: Uint8Array.of(255, 255),
    what: "outside the file",
  },
])("$attack is malformed", async ({ sign, after, by, what }) => {
  const outcome = await indexOf(overwritten(ROOT, sign, { after, by }), "a.h5");
  expect([outcome.kind, outcome.kind === "ok" ? "" : describeFailure(outcome)]).toEqual([
    "malformed",
    expect.stringMatching(what) as string,
  ]);
});

test("a tree whose child is itself is malformed", async () => {
  const firstChild = 24 + 8 + 8 * 3;
  const looped = ROOT.slice();
  looped.set(Uint8Array.of(1, 1), TREE_OF_CHUNKS + 4);
  for (let entry = 0; entry < 9; entry += 1) {
    looped.set(u64(TREE_OF_CHUNKS), TREE_OF_CHUNKS + firstChild + entry * (firstChild - 24 + 8));
  }
  const outcome = await indexOf(looped, "a.h5");
  expect([outcome.kind, outcome.kind === "ok" ? "" : describeFailure(outcome)]).toEqual([
    "malformed",
    expect.stringMatching(/refers to one of its nodes twice|does not belong/) as string,
  ]);
});

test("datasets that share their bytes are malformed once they take more than the file has", async () => {
  const shared = { type: "<f4", shape: [250], data: THREE_FOUR, claims: { address: 0, bytes: 1000 } };
  const root = { children: Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`d${at}`, shared])) };
  expect(await indexOf(hdf5File(root), "a.h5")).toMatchObject({
    kind: "malformed",
    what: expect.stringContaining("more than the file has") as string,
  });
});

test.each([
  { claim: "more bytes than there are", shape: [1_000_000], what: "has 8" },
  { claim: "more than 2^53 bytes", shape: [2 ** 31, 2 ** 31], what: "2\\^53" },
])("a dataset that claims $claim is malformed, by its name", async ({ shape, what }) => {
  const outcome = await indexOf(hdf5File({ children: { x: { ...ROW, shape } } }), "a.h5");
  expect([outcome.kind, outcome.kind === "ok" ? "" : describeFailure(outcome)]).toEqual([
    "malformed",
    expect.stringMatching(`x: .*${what}`) as string,
  ]);
});

test("a group in itself is walked once", async () => {
  const inner: TestGroup = { children: { a: ROW } };
  const bytes = hdf5File({ children: { outer: inner, again: { alias: "outer" } } });
  expect((await indexed(bytes, "a.h5")).tensors.map(({ name }) => name)).toEqual(["again/a"]);
});

test("a file behind a block of the user's is read", async () => {
  const bytes = concat([new Uint8Array(512).fill(7), hdf5File({ children: { a: ROW } })]);
  expect(await normsIn(bytes, "a.mat")).toEqual({ a: 5 });
});

test("a file cut at any byte is incomplete", async () => {
  expect(await kindsWhenCut(hdf5File({ children: { a: ROW } }), "a.h5")).toEqual(new Set(["incomplete"]));
});

test("a file that is all zeros yet is waited for when it is called .h5", async () => {
  expect(await indexOf(new Uint8Array(100), "a.h5")).toEqual({ kind: "incomplete", have: 0, need: 100 });
});

test("a file with any one byte turned round never throws", async () => {
  const bytes = hdf5File({ children: { table: { ...TABLE, shape: [3, 2], filters: ["deflate"] } } });
  const kinds = new Set<string>();
  for (const [at, byte] of bytes.entries()) {
    kinds.add((await indexOf(bytes.with(at, byte ^ 0xff), "a.h5")).kind);
  }
  expect(kinds).toEqual(new Set(["ok", "malformed", "unsupported", "incomplete"]));
});

test("elements of gigabytes each are not read, and take no memory", async () => {
  const text = concat([Uint8Array.of(0x13, 0, 0, 0), u32(0xfffffff0)]);
  const { notRead } = await indexed(hdf5File({ children: { row: ROW, huge: { ...ROW, type: text } } }), "a.h5");
  expect(notRead).toEqual([{ name: "huge", what: "a dataset with elements of 4294967280 bytes each" }]);
});
