import { expect, test } from "vitest";

import type { CheckpointIndex } from "#core/checkpoint.ts";
import { orbax } from "#readers/checkpoints/orbax/orbax.ts";
import { folderReaderFor } from "#readers/checkpoints/readers.ts";
import { describeFailure } from "#l10n/failure.ts";

import { normsIn } from "../../../support/elements.ts";
import { folderOf, type TestFiles, toBytes } from "../../../support/folderSource.ts";
import { leafBody, manifest, node, type Value } from "../../../support/ocdbt.ts";
import { BYTES, NORM, plain, shard, zarray, zarrJson, ZSTD, zstd, chunkFiles } from "../../../support/zarr.ts";

type Leaf = readonly [keys: readonly string[], type?: string];

function metadata(leaves: readonly Leaf[], more = {}): string {
  const entries = leaves.map(([keys, type = "jax.Array"]): [string, unknown] => [
    `('${keys.join("', '")}')`,
    {
      key_metadata: keys.map((key) => ({ key, key_type: 2 })),
      value_metadata: { value_type: type, skip_deserialize: type === "None" },
    },
  ]);
  return JSON.stringify({ tree_metadata: Object.fromEntries(entries), ...more });
}

async function indexOf(files: TestFiles, name = "100"): Promise<CheckpointIndex | string> {
  const outcome = await orbax.readIndex(folderOf(files, name));
  return outcome.kind === "ok" ? outcome.value : `${outcome.kind}: ${describeFailure(outcome)}`;
}

async function summaryOf(files: TestFiles): Promise<unknown> {
  const index = await indexOf(files);
  if (typeof index === "string") {
    return index;
  }
  const norms = await normsIn(files, index.tensors);
  const tensors = index.tensors.map(({ name, kind, parameter }) => [name, kind, norms[name], parameter]);
  return { tensors, notes: index.notes };
}

const one = (value: number, dtype = "<f4"): Record<string, string | Uint8Array> => ({
  ".zarray": zarray({ shape: [], chunks: [], dtype }),
  "0": plain([value]),
});

function below(folder: string, files: TestFiles): TestFiles {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}

const LEAVES: readonly Leaf[] = [
  [["params", "mlp/~/w.x", "w"]],
  [["opt_state", "0"], "None"],
  [["opt_state", "1", "mu", "mlp/~/w.x", "w"]],
  [["rate"], "scalar"],
  [["note"], "string"],
];

const IN_FOLDERS: TestFiles = {
  _CHECKPOINT_METADATA: "{}",
  _METADATA: metadata(LEAVES),
  "_strings.json": '{"note":"warm-up"}',
  ...below("params.mlp/~/w.x.w", one(3)),
  ...below("opt_state.1.mu.mlp/~/w.x.w", one(0.5)),
  ...below("rate", one(0.25)),
};

const EXPECTED = [
  ["opt_state/1/mu/mlp/~/w.x/w", "moment1", 0.5, "params/mlp/~/w.x/w"],
  ["params/mlp/~/w.x/w", "weight", 3, undefined],
  ["rate", "other", 0.25, undefined],
];

test("arrays in folders have the names and kinds that _METADATA tells", async () => {
  expect(await summaryOf(IN_FOLDERS)).toEqual({ tensors: EXPECTED, notes: [] });
  const index = await indexOf(IN_FOLDERS);
  expect(typeof index === "object" && index.metadata).toEqual({ note: "warm-up" });
});

test("an item called default gives its tensors no prefix, others theirs", async () => {
  const { _CHECKPOINT_METADATA: whole = "", ...item } = IN_FOLDERS;
  const alone = { _CHECKPOINT_METADATA: whole, ...below("default", item) };
  expect(await summaryOf(alone)).toEqual({ tensors: EXPECTED, notes: [] });
  const two = {
    _CHECKPOINT_METADATA: whole,
    ...below("params", { _METADATA: metadata([[["w"]]]), ...below("w", one(3)) }),
    ...below("state", { _METADATA: metadata([[["opt_state", "mu", "w"]]]), ...below("opt_state.mu.w", one(0.5)) }),
    "metrics/metrics": "{}",
  };
  const tensors = [
    ["params/w", "weight", 3, undefined],
    ["state/opt_state/mu/w", "moment1", 0.5, "params/w"],
  ];
  expect(await summaryOf(two)).toEqual({ tensors, notes: [] });
  const index = await indexOf(two);
  expect(typeof index === "object" && index.notRead).toEqual([
    { name: "metrics", what: "an item that is no tree of arrays" },
  ]);
});

/** Keys and values as a database whose only node holds them all, but for those that lie in a file. */
function database(values: TestFiles, inFile: Uint8Array = new Uint8Array(), key = ""): TestFiles {
  const inline = Object.entries(values).map(([name, value]): [string, Value] => [name, toBytes(value)]);
  const outside: Value = { file: "d/v", offset: 1, length: inFile.length - 1 };
  const all = key === "" ? inline : [...inline, [key, outside] satisfies [string, Value]];
  const leaf = node(leafBody(Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)))));
  return {
    "manifest.ocdbt": manifest({ file: "d/n", offset: 0, length: leaf.length }),
    "d/n": leaf,
    "d/v": inFile,
  };
}

test("values of a database are read where they lie, in its nodes and in its files", async () => {
  const [first = plain([]), ...others] = Object.values(chunkFiles((row, column) => `${row}.${column}`, zstd));
  const chunks = Object.fromEntries(["0.1", "1.0", "1.1"].map((at, index) => [`params.w/${at}`, others[index] ?? ""]));
  const compressor = { id: "zstd", level: 1 };
  const files = {
    _METADATA: metadata([[["params", "w"]]]),
    ...database(
      { "params.w/.zarray": zarray({ compressor }), ...chunks },
      Uint8Array.of(255, ...first),
      "params.w/0.0",
    ),
  };
  expect(await summaryOf(files)).toEqual({ tensors: [["params/w", "weight", NORM, undefined]], notes: [] });
});

test("shards of version 3 inside nodes are read", async () => {
  const codec = {
    name: "sharding_indexed",
    configuration: { chunk_shape: [2], codecs: [BYTES, ZSTD], index_codecs: [BYTES, { name: "crc32c" }] },
  };
  const grid = { shape: [4], chunk_grid: { name: "regular", configuration: { chunk_shape: [4] } } };
  const files = database({
    "w/zarr.json": zarrJson([codec], grid),
    "w/c/0": shard([zstd([1, 2]), zstd([2, 4])]),
  });
  expect(await summaryOf(files)).toEqual({ tensors: [["w", "weight", 5, undefined]], notes: [] });
});

test("without _METADATA the dots of an array's name stand between keys", async () => {
  const files = { "manifest.ocdbt": "", ...database(below("params.dense.w", one(3))) };
  expect(await summaryOf(files)).toEqual({ tensors: [["params/dense/w", "weight", 3, undefined]], notes: [] });
});

test("a chunk that a save stores always is lost when it is missing, not zero", async () => {
  const { "params.mlp/~/w.x.w/0": _, ...files } = IN_FOLDERS;
  const whole = await summaryOf({
    ...files,
    _METADATA: metadata(LEAVES, { store_array_data_equal_to_fill_value: true }),
  });
  expect(whole).toEqual({
    tensors: EXPECTED.map((row) => (row[1] === "weight" ? [row[0], row[1], undefined, row[3]] : row)),
    notes: ["params/mlp/~/w.x/w: params.mlp/~/w.x.w/0 is not there. The tensor has no norm."],
  });
  const old = await summaryOf(files);
  expect(old).toEqual({
    tensors: EXPECTED.map((row) => (row[1] === "weight" ? [row[0], row[1], 0, row[3]] : row)),
    notes: [],
  });
});

test("tensors that _METADATA names and the folder lacks are a note", async () => {
  const files = { ...IN_FOLDERS, _METADATA: metadata([...LEAVES, [["params", "gone"]]]) };
  const index = await indexOf(files);
  expect(typeof index === "object" && index.notes).toEqual([
    "_METADATA names tensors that are not there: params/gone.",
  ]);
});

test.each([
  { what: "{", kind: "broken" },
  { what: "[]", kind: "no tree" },
  { what: '{"tree_metadata":3}', kind: "a number" },
])("a _METADATA of $what leaves the arrays' own names", async ({ what }) => {
  const files = { ...below("params.w", one(3)), _METADATA: what };
  expect(await summaryOf(files)).toEqual({
    tensors: [["params/w", "weight", 3, undefined]],
    notes: ["_METADATA lists no tree; tensors are named after their arrays."],
  });
});

test("_METADATA cut at any byte never hides the arrays", async () => {
  const whole = metadata(LEAVES);
  for (let have = 0; have < whole.length; have += 1) {
    const index = await indexOf({ ...IN_FOLDERS, _METADATA: whole.slice(0, have) });
    expect(typeof index === "object" && index.tensors.length).toBe(3);
  }
});

test.each([
  { folder: "100.orbax-checkpoint-tmp-1700000000", files: IN_FOLDERS },
  { folder: "100", files: { _CHECKPOINT_METADATA: "{}", ...below("default.orbax-checkpoint-tmp-1", IN_FOLDERS) } },
  { folder: "100", files: { _METADATA: metadata(LEAVES), "ocdbt.process_0/manifest.ocdbt": "x" } },
])("a save that is not finished is incomplete: $folder", async ({ folder, files }) => {
  expect(await indexOf(files, folder)).toMatch(/^incomplete: .+(is not finished|were not put together)/);
});

test("a checkpoint without any tree says so", async () => {
  expect(await indexOf({ _CHECKPOINT_METADATA: "{}", "metrics/metrics": "{}" })).toBe(
    "malformed: Byte 0: 100: there is no tree of arrays in this checkpoint of Orbax.",
  );
});

test.each([
  { paths: ["_METADATA", "a/.zarray"], format: "orbax" },
  { paths: ["manifest.ocdbt"], format: "orbax" },
  { paths: ["_CHECKPOINT_METADATA", "anything/_METADATA"], format: "orbax" },
  { paths: ["default/_METADATA"], format: "orbax" },
  { paths: ["params/manifest.ocdbt", "state/manifest.ocdbt"], format: "orbax" },
  { paths: ["10/_METADATA", "20/_METADATA"], format: undefined },
  { paths: ["10/default/_METADATA", "20/default/_METADATA"], format: undefined },
  { paths: ["x/y/manifest.ocdbt"], format: undefined },
])("a folder with $paths is read as $format", ({ paths, format }) => {
  expect(folderReaderFor(paths)?.format).toBe(format);
});
