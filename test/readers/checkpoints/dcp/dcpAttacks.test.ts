import { existsSync, readdirSync, readFileSync } from "node:fs";
import { zstdCompressSync } from "node:zlib";

import { expect, test } from "vitest";

import { coverageFault } from "#readers/checkpoints/dcp/coverage.ts";

import { indexOfFolder, normsOfFolder } from "../../../support/checkpoint.ts";
import { dcpFiles, object, type TestChunk } from "../../../support/dcp.ts";
import { pickle, Written } from "../../../support/pickle.ts";

const FULL: TestChunk = { start: [0], shape: [2], values: [3, 4] };
/** Beside the tensor under attack one that can be read. */
const OK = { shape: [2], chunks: [FULL] };

function attack(shape: readonly number[], chunks: readonly TestChunk[]): Record<string, Uint8Array> {
  return dcpFiles({ tensors: { ok: OK, w: { shape, chunks } } });
}

test.each([
  { file: "../secret.distcp" },
  { file: "/etc/passwd" },
  { file: "a/../../b" },
  { file: String.raw`..\secret` },
  { file: "C:secret" },
])("a chunk in $file is refused", async ({ file }) => {
  expect(await indexOfFolder(attack([2], [{ ...FULL, said: { file } }]))).toEqual({
    kind: "malformed",
    offset: 0,
    what: `w: its file "${file}" is not inside the checkpoint's folder. It was not opened.`,
  });
});

test.each([
  { fault: "a negative offset", said: { offset: -1 } },
  { fault: "an offset past 2^53", said: { offset: 2 ** 60 } },
  { fault: "a length that is a text", said: { length: "9" } },
])("$fault is refused", async ({ said }) => {
  expect(await indexOfFolder(attack([2], [{ ...FULL, said }]))).toEqual({
    kind: "malformed",
    offset: 0,
    what: ".metadata: Item 1 of the metadata has no name, file, offset or length that torch could have written.",
  });
});

test("an item that ends after its file is not complete", async () => {
  const outcome = await indexOfFolder(attack([2], [{ ...FULL, said: { offset: 5000 } }]));
  expect(outcome).toEqual({
    kind: "incomplete",
    have: expect.any(Number) as number,
    need: expect.any(Number) as number,
    what: expect.stringMatching(/^__0_0\.distcp has \d+ of \d+ bytes\. It may still be copied/) as string,
  });
});

test("an item that starts inside another is refused", async () => {
  const outcome = await indexOfFolder(attack([2], [{ ...FULL, said: { offset: 9, length: 100 } }]));
  expect(outcome).toEqual({
    kind: "malformed",
    offset: 9,
    what: "w: its bytes in __0_0.distcp overlap those of another item. Save again.",
  });
});

test.each([
  {
    fault: "a gap",
    shape: [3],
    chunks: [FULL],
    what: "a tensor with chunks that hold only 2 of 3 elements",
  },
  {
    fault: "an overlap",
    shape: [3],
    chunks: [FULL, { start: [1], shape: [2], values: [4, 5] }],
    what: "a tensor with chunks that overlap: they hold 4 elements of 3",
  },
  {
    fault: "an overlap as large as its gap",
    shape: [2, 2],
    chunks: [
      { start: [0, 0], shape: [2, 1], values: [1, 2] },
      { start: [1, 0], shape: [1, 2], values: [1, 2] },
    ],
    what: "a tensor with chunks that overlap and leave gaps",
  },
  {
    fault: "a chunk outside",
    shape: [3],
    chunks: [{ start: [2], shape: [2], values: [1, 2] }],
    what: "a tensor with a chunk from [2] on that is not inside the shape [3]",
  },
  {
    fault: "a chunk of another rank",
    shape: [2],
    chunks: [{ start: [0, 0], shape: [2, 1], values: [1, 2] }],
    what: "a tensor with a chunk from [0, 0] on that is not inside the shape [2]",
  },
  {
    fault: "a chunk in no file",
    shape: [2],
    chunks: [{ ...FULL, isLost: true }],
    what: "a tensor whose chunk from [0] on lies in no file",
  },
  {
    fault: "a file that is not there",
    shape: [2],
    chunks: [{ ...FULL, said: { file: "__9_0.distcp" } }],
    what: "in __9_0.distcp, which is missing",
  },
  {
    fault: "another shape in the file",
    shape: [1, 2],
    chunks: [{ ...FULL, start: [0, 0], shape: [1, 2], said: { offset: 0 } }],
    what: "a tensor whose chunk from [0, 0] on is F32 of [1, 2], and in its file F32 of [2]",
  },
  {
    fault: "more than 2^53 elements",
    shape: [2 ** 30, 2 ** 30],
    chunks: [FULL],
    what: "a tensor with a shape with more than 2^53 elements or 64 dimensions",
  },
])("a tensor with $fault is not read, and the others are", async ({ shape, chunks, what }) => {
  const index = await indexOfFolder(attack(shape, chunks));
  const { tensors, notRead } = index.kind === "ok" ? index.value : { tensors: [], notRead: [] };
  expect([tensors.map(({ name }) => name), notRead]).toEqual([["ok"], [{ name: "w", what }]]);
});

test("a save of which no tensor can be read says why", async () => {
  expect(await indexOfFolder(dcpFiles({ tensors: { w: { shape: [3], chunks: [FULL] } } }))).toEqual({
    kind: "unsupported",
    what: "None of 1 tensors can be read. The first, w, is a tensor with chunks that hold only 2 of 3 elements.",
  });
});

const zstd = (archive: Uint8Array): Uint8Array => zstdCompressSync(archive);

test("an item that torch has compressed has the norm of what it holds", async () => {
  const files = attack([2], [{ ...FULL, transform: { called: "stream.zstd(3)", of: zstd } }]);
  expect(await normsOfFolder(files)).toEqual({ kind: "ok", value: { ok: 5, w: 5 } });
});

test.each([
  {
    way: "that unpacks to more than 64 MiB",
    transform: { called: "stream.zstd(3)", of: () => zstd(new Uint8Array(64 * 1024 * 1024 + 1)) },
    reason: "its zstd data cannot be decompressed, or hold more than 67108864 bytes",
  },
  {
    way: "of another transform",
    transform: { called: "stream.lzma", of: zstd },
    reason: "an item written through stream.lzma",
  },
])("a compressed item $way is one tensor's trouble", async ({ transform, reason }) => {
  const index = await indexOfFolder(attack([2], [{ ...FULL, rank: 1, transform }]));
  const found = index.kind === "ok" ? [index.value.tensors.map(({ name }) => name), index.value.notRead?.[0]] : index;
  expect(found).toEqual([["ok"], { name: "w", what: expect.stringContaining(reason) as string }]);
});

test("an item of the right length that holds other bytes is one tensor's trouble", async () => {
  const files = attack([2], [{ ...FULL, rank: 1 }]);
  const data = files["__1_0.distcp"] ?? new Uint8Array();
  const index = await indexOfFolder({ ...files, "__1_0.distcp": data.map(() => 7) });
  const found = index.kind === "ok" ? [index.value.tensors.length, index.value.notRead?.[0]?.name] : [];
  expect(found).toEqual([1, "w"]);
});

test("archives that are alike are told from those that are not, whatever their length", async () => {
  const values = [1, 2, 3, 4, 5, 6];
  const whole = (shape: readonly number[], rank = 0): { shape: readonly number[]; chunks: TestChunk[] } => ({
    shape,
    chunks: [{ start: shape.map(() => 0), shape, values, rank }],
  });
  const files = dcpFiles({ tensors: { a: whole([2, 3]), b: whole([3, 2]), c: whole([2, 3]), d: whole([2, 3]) } });
  const data = (files["__0_0.distcp"] ?? new Uint8Array()).slice();
  const length = data.length / 4;
  // The directory of the last archive says that its first file starts elsewhere.
  data[Buffer.from(data).indexOf("PK\u0001\u0002", 3 * length, "latin1") + 42] = 7;
  const index = await indexOfFolder({ ...files, "__0_0.distcp": data });
  const { tensors, notRead } = index.kind === "ok" ? index.value : { tensors: [], notRead: [] };
  const shift = (tensors[2]?.parts[0]?.offset ?? 0) - (tensors[0]?.parts[0]?.offset ?? 0);
  expect([tensors.map(({ name, shape }) => [name, shape]), shift / length, notRead?.map(({ name }) => name)]).toEqual([
    [
      ["a", [2, 3]],
      ["b", [3, 2]],
      ["c", [2, 3]],
    ],
    2,
    ["d"],
  ]);
});

test.each([
  { fault: "no metadata of torch", bytes: pickle({ a: 1 }) },
  { fault: "an empty list", bytes: pickle([]) },
  { fault: "a Metadata that is its own state", bytes: pickle(new Written("ca\nb\n)R", "q\0", "h\0", "b")) },
  {
    fault: "tensors that are texts",
    bytes: pickle(object("metadata", "Metadata", { state_dict_metadata: { w: "x" }, storage_data: {} })),
  },
])("metadata of $fault are refused", async ({ bytes }) => {
  const outcome = await indexOfFolder({ ".metadata": bytes, "__0_0.distcp": new Uint8Array(9) });
  expect(outcome.kind).toBe("malformed");
});

test("a tensor that lists itself among its chunks is refused, not followed", async () => {
  const loop = object("metadata", "TensorStorageMetadata", { size: [], properties: 0, chunks: 0 });
  const cyclic = new Written(loop.bytes, "q\x05", "}(", "X\x06\0\0\0", "chunks", "](", "h\x05", "eub");
  const root = object("metadata", "Metadata", { state_dict_metadata: { w: cyclic }, storage_data: {} });
  const outcome = await indexOfFolder({ ".metadata": pickle(root), "__0_0.distcp": new Uint8Array(9) });
  expect(outcome.kind).toBe("malformed");
});

test("metadata cut at any byte are incomplete or malformed, never a checkpoint", async () => {
  const files = attack([2], [FULL]);
  const whole = files[".metadata"] ?? new Uint8Array();
  for (let end = 0; end < whole.length; end += 1) {
    const outcome = await indexOfFolder({ ...files, ".metadata": whole.slice(0, end) });
    expect([end, outcome.kind]).toEqual([end, expect.stringMatching(/^(incomplete|malformed)$/)]);
  }
});

test("a rank's file cut at any byte is incomplete", async () => {
  const files = attack([2], [FULL]);
  const whole = files["__0_0.distcp"] ?? new Uint8Array();
  for (let end = 0; end < whole.length; end += 37) {
    const outcome = await indexOfFolder({ ...files, "__0_0.distcp": whole.slice(0, end) });
    expect([end, outcome.kind]).toEqual([end, "incomplete"]);
  }
});

test("a quarter of a million chunks are checked without comparing them with each other", () => {
  const side = 500;
  const boxes = Array.from({ length: side * side }, (_, at) => ({
    start: [Math.floor(at / side), at % side],
    shape: [1, 1],
  }));
  expect(coverageFault([side, side], boxes)).toBeUndefined();
  expect(coverageFault([side, side], boxes.with(7, { start: [3, 3], shape: [1, 1] }))).toBe(
    "chunks that overlap and leave gaps",
  );
});

/** A save of torch, kept beside the project because it is not ours to publish. */
const CORPUS = new URL("../../../../../shared/corpus/checkpoints/made/torch/", import.meta.url);
const atHand = existsSync(CORPUS);

test("torch's own save has the norms of its state", async () => {
  const folder = new URL("dcp_single/", CORPUS);
  const files = atHand ? readdirSync(folder) : [];
  const read = files.map((file) => [file, new Uint8Array(readFileSync(new URL(file, folder)))] as const);
  const norms = await normsOfFolder(Object.fromEntries(read));
  const found = norms.kind === "ok" ? norms.value : {};
  const far = trueNorms().filter(([name, l2]) => !(Math.abs((found[name] ?? Number.NaN) - l2) <= 1e-12 * l2));
  expect([far, Object.keys(found).length]).toEqual([[], atHand ? 25 : 0]);
});

interface Truth {
  readonly "torch/ckpt_adamw.pt": Readonly<Record<string, { readonly l2: number }>>;
  readonly __grads__: { readonly adamw_id_to_name: Readonly<Record<string, string>> };
}

/** The states are numbered there, and named here. */
function trueNorms(): (readonly [string, number])[] {
  if (!atHand) {
    return [];
  }
  const truth = JSON.parse(
    readFileSync(new URL("truth.json", CORPUS), "utf8").replaceAll(/\b(NaN|-?Infinity)\b/g, '"$1"'),
  ) as Truth;
  const names = truth["__grads__"].adamw_id_to_name;
  return Object.entries(truth["torch/ckpt_adamw.pt"]).flatMap(([name, { l2 }]) => {
    const [, id = "", slot = ""] = /^state\/(\d+)\/(\w+)$/.exec(name) ?? [];
    return slot === "" ? [] : [[`optim.state.${names[id] ?? ""}.${slot}`, l2] as const];
  });
}
