import { expect, test } from "vitest";

import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { folderReaderFor } from "#readers/checkpoints/readers.ts";
import { zarr } from "#readers/checkpoints/zarr/zarr.ts";

import { normsOfFolder } from "../../../support/checkpoint.ts";
import { CHUNK_VALUES, COMPRESSED_CHUNKS } from "../../../support/compressedChunks.ts";
import { normsIn, statisticsIn } from "../../../support/elements.ts";
import { folderOf, type TestFiles } from "../../../support/folderSource.ts";
import { concat } from "../../../support/safetensors.ts";
import {
  BIG_BYTES,
  bigEndian,
  byColumns,
  BYTES,
  checked,
  chunkFiles,
  CHUNKS,
  COLUMNS_FIRST,
  CRC32C,
  GZIP,
  gzip,
  NORM,
  ONE_SHARD,
  plain,
  shard,
  SHARDS,
  ZSTD,
  zarray,
  zarrJson,
  zstd,
} from "../../../support/zarr.ts";

async function read(files: TestFiles, name = "checkpoint"): Promise<Outcome<CheckpointIndex>> {
  return zarr.readIndex(folderOf(files, name));
}

/** The index, or an empty one with the failure as a note. */
async function indexOf(files: TestFiles): Promise<CheckpointIndex> {
  const outcome = await read(files);
  return outcome.kind === "ok"
    ? outcome.value
    : { format: "zarr", tensors: [], metadata: {}, notes: [JSON.stringify(outcome)] };
}

const dots = (row: string, column: string): string => `${row}.${column}`;
const slashes = (row: string, column: string): string => `c/${row}/${column}`;
const version2 = (members: Record<string, unknown>): TestFiles => ({ "w/.zarray": zarray(members) });
const version3 = (codecs: unknown[], members = {}): TestFiles => ({ "w/zarr.json": zarrJson(codecs, members) });

test.each([
  { array: "version 2", files: { ...version2({}), ...chunkFiles(dots, plain) } },
  { array: "zstd", files: { ...version2({ compressor: { id: "zstd", level: 1 } }), ...chunkFiles(dots, zstd) } },
  { array: "gzip", files: { ...version2({ compressor: { id: "gzip" } }), ...chunkFiles(dots, gzip) } },
  { array: "big-endian", files: { ...version2({ dtype: ">f4" }), ...chunkFiles(dots, bigEndian) } },
  { array: "Fortran's order", files: { ...version2({ order: "F" }), ...chunkFiles(dots, byColumns) } },
  {
    array: "slashes between the indices",
    files: { ...version2({ dimension_separator: "/" }), ...chunkFiles((row, column) => `${row}/${column}`, plain) },
  },
  { array: "version 3", files: { ...version3([BYTES]), ...chunkFiles(slashes, plain) } },
  { array: "version 3 with zstd", files: { ...version3([BYTES, ZSTD]), ...chunkFiles(slashes, zstd) } },
  { array: "version 3 with gzip", files: { ...version3([BYTES, GZIP]), ...chunkFiles(slashes, gzip) } },
  { array: "version 3, big-endian", files: { ...version3([BIG_BYTES]), ...chunkFiles(slashes, bigEndian) } },
  { array: "version 3, transposed", files: { ...version3([COLUMNS_FIRST, BYTES]), ...chunkFiles(slashes, byColumns) } },
  { array: "version 3 with a checksum", files: { ...version3([BYTES, CRC32C]), ...chunkFiles(slashes, checked) } },
  {
    array: "version 3 with a checksum of compressed data",
    files: {
      ...version3([BYTES, ZSTD, CRC32C]),
      ...chunkFiles(slashes, (values) => concat([zstd(values), Uint8Array.of(1, 2, 3, 4)])),
    },
  },
  {
    array: "version 3 with the keys of version 2",
    files: { ...version3([BYTES], { chunk_key_encoding: { name: "v2" } }), ...chunkFiles(dots, plain) },
  },
])("padding does not count: $array", async ({ files }) => {
  const index = await indexOf(files);
  expect(index.notes).toEqual([]);
  expect(index.tensors.map(({ name, dtype, shape, parts }) => [name, dtype, shape, parts.length])).toEqual([
    ["w", "F32", [3, 5], 4],
  ]);
  expect(await normsIn(files, index.tensors)).toEqual({ w: NORM });
});

test.each([
  { array: "plain", codecs: SHARDS([BYTES]), bytes: shard(Object.values(CHUNKS).map(plain)) },
  { array: "compressed", codecs: SHARDS([BYTES, ZSTD]), bytes: shard(Object.values(CHUNKS).map(zstd)) },
  {
    array: "with the index first",
    codecs: SHARDS([BYTES], { index_location: "start" }),
    bytes: shard(Object.values(CHUNKS).map(plain), true),
  },
])("chunks in a shard are found: $array", async ({ codecs, bytes }) => {
  const files = { "w/zarr.json": zarrJson(codecs, ONE_SHARD), "w/c/0/0": bytes };
  const index = await indexOf(files);
  expect([index.notes, await normsIn(files, index.tensors)]).toEqual([[], { w: NORM }]);
});

test("chunks that are not stored hold the fill value, in zeros, numbers and shards", async () => {
  const [first = plain([])] = Object.values(chunkFiles(dots, plain));
  const zeros = { "w/.zarray": zarray(), "w/0.0": first };
  const ones = { "w/.zarray": zarray({ fill_value: 1 }), "w/0.0": first };
  const sharded = {
    "w/zarr.json": zarrJson(SHARDS([BYTES]), { ...ONE_SHARD, fill_value: 1 }),
    "w/c/0/0": shard([first, undefined, undefined, undefined]),
  };
  const [ownSquares, filled] = [1 + 4 + 9 + 36 + 49 + 64, 15 - 6];
  expect(await normsIn(zeros, (await indexOf(zeros)).tensors)).toEqual({ w: Math.sqrt(ownSquares) });
  expect(await normsIn(ones, (await indexOf(ones)).tensors)).toEqual({ w: Math.sqrt(ownSquares + filled) });
  expect(await normsIn(sharded, (await indexOf(sharded)).tensors)).toEqual({ w: Math.sqrt(ownSquares + filled) });
});

test("a fill value of NaN is as many NaN as there are elements without data", async () => {
  const files = { "w/.zarray": zarray({ fill_value: "NaN" }), "w/0.0": plain([1, 2, 3, 4, 5, 6]) };
  const [tensor] = (await indexOf(files)).tensors;
  const statistics = tensor && (await statisticsIn(files, tensor));
  expect(typeof statistics === "object" && [statistics.nan, statistics.firstNonFinite]).toEqual([9, 3]);
});

test.each([
  { dtype: "<f4", fill: "-Infinity", linf: Number.POSITIVE_INFINITY },
  { dtype: "<f8", fill: 2.5, linf: 2.5 },
  { dtype: "bfloat16", fill: 2, linf: 2 },
  { dtype: "<i8", fill: -3, linf: 3 },
  { dtype: "<u2", fill: 40_000, linf: 40_000 },
  { dtype: "|b1", fill: true, linf: 1 },
  { dtype: "<f2", fill: null, linf: 0 },
])("a fill value of $fill in $dtype comes to $linf", async ({ dtype, fill, linf }) => {
  const files = { "w/.zarray": zarray({ dtype, fill_value: fill }) };
  const [tensor] = (await indexOf(files)).tensors;
  const statistics = tensor && (await statisticsIn(files, tensor));
  expect(typeof statistics === "object" && statistics.linf).toBe(linf);
});

test("a fill value that cannot be written as an element leaves a gap, never zeros", async () => {
  const files = { "w/.zarray": zarray({ dtype: "<f2", fill_value: 0.3 }) };
  const index = await indexOf(files);
  expect(index.notes).toEqual(["w: w/0.0 is not there, and 3 more are missing or damaged. The tensor has no norm."]);
  const [tensor] = index.tensors;
  expect(tensor && (await statisticsIn(files, tensor))).toBe(
    "w: its parts hold 0 of 15 elements. Nothing was reduced.",
  );
});

test("scalars and arrays without elements are read", async () => {
  const files = {
    "a/.zarray": zarray({ shape: [], chunks: [] }),
    "a/0": plain([3]),
    "b/zarr.json": zarrJson([BYTES], {
      shape: [],
      chunk_grid: { name: "regular", configuration: { chunk_shape: [] } },
    }),
    "b/c": plain([4]),
    "c/.zarray": zarray({ shape: [0, 5] }),
  };
  const index = await indexOf(files);
  expect([index.notes, await normsIn(files, index.tensors)]).toEqual([[], { a: 3, b: 4, c: 0 }]);
});

test.each([
  { what: "bz2", metadata: zarray({ compressor: { id: "bz2" } }), says: "an array compressed with bz2" },
  {
    what: "a chunk too large for blosc",
    metadata: zarray({ shape: [9000, 9000], chunks: [9000, 9000], compressor: { id: "blosc" } }),
    says: "an array in chunks of 324000000 bytes that are compressed with blosc: they do not fit into memory",
  },
  { what: "a filter", metadata: zarray({ filters: [{ id: "delta" }] }), says: "an array with the filter delta" },
  { what: "texts", metadata: zarray({ dtype: "<U8" }), says: "an array of <U8" },
  { what: "records", metadata: zarray({ dtype: [["x", "<f4"]] }), says: 'an array of [["x","<f4"]]' },
  { what: "longer complex numbers", metadata: zarray({ dtype: "<c32" }), says: "an array of <c32" },
  {
    what: "another separator",
    metadata: zarray({ dimension_separator: "../" }),
    says: "an array with separator ../ and order C",
  },
])("$what in version 2 is told by name", async ({ metadata, says }) => {
  const index = await indexOf({ "ok/.zarray": zarray(), "w/.zarray": metadata });
  expect([index.notRead, index.tensors.length]).toEqual([[{ name: "w", what: says }], 1]);
});

test.each([
  { what: "bz2", metadata: zarrJson([BYTES, { name: "numcodecs.bz2" }]), says: "an array coded with numcodecs.bz2" },
  ...["constructor", "__proto__", "__defineGetter__"].map((name) => ({
    what: `a codec named ${name}`,
    metadata: zarrJson([BYTES, { name }]),
    says: `an array coded with ${name}`,
  })),
  { what: "two compressions", metadata: zarrJson([BYTES, ZSTD, GZIP]), says: "an array coded with gzip" },
  {
    what: "a permutation that is none",
    metadata: zarrJson([{ name: "transpose", configuration: { order: [0, 0] } }, BYTES]),
    says: "an array coded with transpose",
  },
  {
    what: "shards of shards",
    metadata: zarrJson(SHARDS(SHARDS([BYTES]))),
    says: "an array coded with sharding_indexed",
  },
  {
    what: "a compressed index of a shard",
    metadata: zarrJson(SHARDS([BYTES], { index_codecs: [BYTES, ZSTD] })),
    says: 'an array in shards whose index is coded with ["bytes","zstd"]',
  },
  {
    what: "another grid",
    metadata: zarrJson([BYTES], { chunk_grid: "rectilinear" }),
    says: "an array with the grid rectilinear",
  },
  {
    what: "a transformer",
    metadata: zarrJson([BYTES], { storage_transformers: [{ name: "x" }] }),
    says: "an array with the storage transformer x",
  },
  { what: "another type", metadata: zarrJson([BYTES], { data_type: "int4" }), says: "an array of int4" },
  {
    what: "other keys",
    metadata: zarrJson([BYTES], { chunk_key_encoding: { name: "suffix" } }),
    says: 'an array with the keys {"name":"suffix"}',
  },
])("$what in version 3 is told by name", async ({ metadata, says }) => {
  const index = await indexOf({ "ok/.zarray": zarray(), "w/zarr.json": metadata });
  expect([index.notRead, index.tensors.length]).toEqual([[{ name: "w", what: says }], 1]);
});

test.each(COMPRESSED_CHUNKS)("chunks of $kind ($what) are read in both versions", async ({ kind, base64 }) => {
  const chunk = Uint8Array.from(Buffer.from(base64, "base64"));
  const codec = { name: kind === "blosc" ? "blosc" : `numcodecs.${kind}`, configuration: {} };
  const norms = await normsOfFolder({
    "second/.zarray": Buffer.from(zarray({ shape: [600], chunks: [600], compressor: { id: kind } })),
    "second/0": chunk,
    "third/zarr.json": Buffer.from(
      zarrJson([BYTES, codec], {
        shape: [600],
        chunk_grid: { name: "regular", configuration: { chunk_shape: [600] } },
      }),
    ),
    "third/c/0": chunk,
  });
  const squares = CHUNK_VALUES.reduce((sum, value) => sum + value * value, 0);
  expect(norms).toEqual({ kind: "ok", value: { second: Math.sqrt(squares), third: Math.sqrt(squares) } });
});

test("a folder of which nothing can be read says why", async () => {
  expect(await read(version2({ compressor: { id: "bz2" } }))).toEqual({
    kind: "unsupported",
    what: "None of 1 arrays can be read by Gradlens. The first, w, is an array compressed with bz2.",
  });
});

test("names and kinds come from the folders", async () => {
  const array = zarray({ shape: [1, 1], chunks: [1, 1] });
  const files = { ".zgroup": "{}", "params/a/.zarray": array, "grads/a/.zarray": array };
  const index = await read(files);
  expect(index.kind === "ok" && index.value.tensors.map(({ name, kind }) => [name, kind])).toEqual([
    ["grads/a", "gradient"],
    ["params/a", "weight"],
  ]);
  const alone = await read({ ".zarray": array }, "grads.zarr");
  expect(alone.kind === "ok" && alone.value.tensors.map(({ name, kind }) => [name, kind])).toEqual([
    ["(root)", "gradient"],
  ]);
});

test.each([
  { paths: [".zgroup", "a/.zarray"], format: "zarr" },
  { paths: ["zarr.json"], format: "zarr" },
  { paths: ["a/.zarray", "a/0.0"], format: "zarr" },
  { paths: ["run1.zarr/zarr.json", "run2.zarr/zarr.json"], format: undefined },
  { paths: ["model.safetensors"], format: undefined },
])("a folder with $paths is read as $format", ({ paths, format }) => {
  expect(folderReaderFor(paths)?.format).toBe(format);
});
