import { expect, test } from "vitest";

import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { gguf, readGguf } from "#readers/checkpoints/gguf/gguf.ts";
import { fileReaderFor } from "#readers/checkpoints/readers.ts";

import { ggufFile, ggufWriter, type TestGguf, type TestGgufTensor } from "../../../support/gguf.ts";
import { measureIndex } from "../../../support/measure.ts";
import { folderOf } from "../../../support/folderSource.ts";
import { bytesOf, concat, sourceOf } from "../../../support/safetensors.ts";

const F345 = bytesOf(Float32Array.of(3, -4));
const W: TestGgufTensor = { name: "w", type: 0, ne: [2, 1], data: F345 };
const { u32, u64, text, pair } = ggufWriter();

/** A block of Q8_0 with scale 1, 3 and -4 among zeros. */
const Q8 = concat([Uint8Array.of(0, 0x3c, 3, 0xfc), new Uint8Array(30)]);

test("tensors are listed with their shapes slowest first and their bytes after the aligned header", async () => {
  const file = ggufFile({
    pairs: [pair("general.architecture", 8, text("llama")), pair("general.alignment", 4, u32(64))],
    alignment: 64,
    tensors: [W, { name: "q", type: 8, ne: [32, 1, 1], data: Q8 }],
  });
  const common = { kind: "weight", file: "m.gguf" };
  expect(await index(file)).toEqual({
    kind: "ok",
    value: {
      format: "gguf",
      tensors: [
        { ...common, name: "w", dtype: "F32", shape: [1, 2], elements: 2, parts: [place(file.length - 128, 8)] },
        { ...common, name: "q", dtype: "Q8_0", shape: [1, 1, 32], elements: 32, parts: [place(file.length - 64, 34)] },
      ],
      metadata: { "general.architecture": "llama", "general.alignment": "64" },
      notRead: [],
      notes: [],
    },
  });
  expect(await measureIndex(await index(file), { "m.gguf": file })).toEqual({ w: 5, q: 5 });
});

test.each([1, 2, 3])("version %i is read", async (version) => {
  const own = ggufWriter({ version });
  const pairs = [
    own.pair("a", 8, own.text("b")),
    own.pair("list", 9, concat([u32(8), own.size(2), own.text("x"), own.text("y")])),
  ];
  const file = ggufFile({ version, pairs, tensors: [W] });
  expect(await measureIndex(await index(file), { "m.gguf": file })).toEqual({ w: 5 });
});

test("a big-endian file has big-endian numbers, also in blocks; blocks that nobody writes so are named", async () => {
  const data = F345.slice();
  data.subarray(0, 4).reverse();
  data.subarray(4).reverse();
  const tensors = [
    { ...W, data },
    { name: "i", type: 24, ne: [2], data: Uint8Array.of(3, 4) },
    { name: "q", type: 8, ne: [32], data: concat([Q8.slice(0, 2).toReversed(), Q8.subarray(2)]) },
    { name: "q5", type: 6, ne: [32], data: new Uint8Array(22) },
  ];
  const file = ggufFile({ bigEndian: true, tensors });
  const outcome = await index(file);
  const little = ggufFile({ tensors: [{ name: "q", type: 8, ne: [32], data: Q8 }] });
  const blocks = await measureIndex(await index(little), { "m.gguf": little });
  expect(await measureIndex(outcome, { "m.gguf": file })).toEqual({ w: 5, i: 5, ...blocks });
  const what = "a tensor of Q5_0 in a big-endian file";
  expect(outcome).toMatchObject({ value: { notRead: [{ name: "q5", what }] } });
});

test("values of all types are read or skipped", async () => {
  const numbers = [0, 1, 2, 3, 4, 5, 6, 10, 11, 12].map((type) =>
    pair(`n${type}`, type, new Uint8Array(WIDTHS[type] ?? 0)),
  );
  const nested = concat([u32(9), u64(2), u32(4), u64(1), u32(5), u32(8), u64(1), text("deep")]);
  const long = pair("tokenizer.chat_template", 8, text("x".repeat(2000)));
  const file = ggufFile({
    pairs: [...numbers, pair("yes", 7, Uint8Array.of(1)), pair("list", 9, nested), long],
    tensors: [W],
  });
  const outcome = await index(file);
  const zeros = Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 10, 11, 12].map((type) => [`n${type}`, "0"]));
  expect(outcome.kind === "ok" && outcome.value.metadata).toEqual({ ...zeros, yes: "true" });
  expect(await measureIndex(outcome, { "m.gguf": file })).toEqual({ w: 5 });
});

test.each([
  { type: 9, what: "a tensor of Q8_1" },
  { type: 4, what: "a tensor of Q4_2" },
  { type: 99, what: "a tensor of ggml's type 99" },
])("$what is named, not read", async ({ type, what }) => {
  expect(await index(ggufFile({ tensors: [{ ...W, type }] }))).toMatchObject({
    kind: "ok",
    value: { tensors: [], notRead: [{ name: "w", what }] },
  });
});

test("the parts of a split model are one model, whichever is opened", async () => {
  const files = splitFiles();
  for (const name of Object.keys(files)) {
    const outcome = await readGguf(sourceOf(files[name] ?? F345, name), folderOf(files));
    expect(outcome).toMatchObject({ kind: "ok", value: { notes: [] } });
    expect(await measureIndex(outcome, files)).toEqual({ a: 5, b: 5 });
  }
});

test("a part that is missing or damaged is a note, and the tensors of the others are listed", async () => {
  const { [FIRST]: first = F345, [THIRD]: third = F345 } = splitFiles();
  const files = { [FIRST]: first, [THIRD]: third.subarray(0, 10) };
  expect(await readGguf(sourceOf(first, FIRST), folderOf(files))).toMatchObject({
    kind: "ok",
    value: {
      tensors: [{ name: "a" }],
      notes: [
        "m-00002-of-00003.gguf: this part of the model is missing.",
        "m-00003-of-00003.gguf: The file has 10 of 16 bytes. It may still be writing; try again when it is complete.",
        "The parts hold 1 of the model's 2 tensors.",
      ],
    },
  });
});

test("a part whose name does not tell the others is read alone", async () => {
  const { [FIRST]: first = F345 } = splitFiles();
  const outcome = await readGguf(sourceOf(first, "renamed.gguf"), folderOf());
  expect(outcome).toMatchObject({
    kind: "ok",
    value: { tensors: [{ name: "a" }], notes: ["This is one of 3 parts, but its name does not tell the others."] },
  });
});

test("two parts that hold the same tensor are malformed", async () => {
  const { [FIRST]: first = F345 } = splitFiles();
  const files = { [FIRST]: first, [THIRD]: first };
  expect(await readGguf(sourceOf(first, FIRST), folderOf(files))).toMatchObject({ kind: "malformed" });
});

test.each<{ fault: string; file: TestGguf }>([
  {
    fault: "The number of tensors is 1152921504606847000, more than any file holds",
    file: { counts: { tensors: 2n ** 60n } },
  },
  {
    fault: "The number of keys is 1152921504606847000, more than any file holds",
    file: { counts: { pairs: 2n ** 60n } },
  },
  { fault: "100001 keys, more than 100000", file: { counts: { pairs: 100_001n } } },
  { fault: "2000001 tensors, more than 2000000", file: { counts: { tensors: 2_000_001n } } },
  { fault: "general.alignment is 0", file: { pairs: [pair("general.alignment", 4, u32(0))] } },
  { fault: "general.alignment is 48", file: { pairs: [pair("general.alignment", 4, u32(48))] } },
  { fault: "general.alignment is text", file: { pairs: [pair("general.alignment", 8, text("text"))] } },
  { fault: "k: given twice", file: { pairs: [pair("k", 4, u32(1)), pair("k", 4, u32(1))] } },
  { fault: "k: its value has type 13", file: { pairs: [pair("k", 13, u32(1))] } },
  { fault: "k: a list of type 13", file: { pairs: [pair("k", 9, concat([u32(13), u64(1)]))] } },
  {
    fault: "is no list",
    file: { pairs: [pair("k", 9, concat(Array.from({ length: 20 }, () => concat([u32(9), u64(1)]))))] },
  },
  { fault: "The length of k is", file: { pairs: [pair("k", 9, concat([u32(0), u64(2n ** 60n)]))] } },
  { fault: "The length of the value of k is 1000001 bytes", file: { pairs: [pair("k", 8, u64(1_000_001))] } },
  { fault: "w: listed twice", file: { tensors: [W, W] } },
  { fault: "w: 65 dimensions", file: { tensors: [{ ...W, ne: Array.from({ length: 65 }, () => 1) }] } },
  { fault: "w: a dimension is", file: { tensors: [{ ...W, ne: [2n ** 60n] }] } },
  { fault: "ends past 2^53 bits", file: { tensors: [{ ...W, ne: [2 ** 30, 2 ** 30] }] } },
  { fault: "ends past 2^53 bits", file: { tensors: [{ ...W, offset: 2 ** 53 - 32 }] } },
  { fault: "w: its offset is", file: { tensors: [{ ...W, offset: 2n ** 63n }] } },
  { fault: "rows that do not fill whole blocks", file: { tensors: [{ ...W, type: 8, ne: [16, 2] }] } },
  { fault: "at 8, which is no multiple of 32", file: { tensors: [{ ...W, offset: 8 }] } },
  { fault: "v: its data overlap another tensor's", file: { tensors: [W, { ...W, name: "v", offset: 0 }] } },
])("a file with $fault is malformed", async ({ fault, file }) => {
  const outcome = await index(ggufFile(file));
  expect(outcome.kind === "malformed" && outcome.what).toContain(fault);
});

test.each([0, 4, 2 ** 24 * 4, 0x0102_0304])("version %i is unsupported", async (version) => {
  const outcome = await index(ggufFile({ version }));
  expect(outcome.kind === "unsupported" && outcome.what).toBe(
    `This is GGUF of version ${version}; versions 1 to 3 are read.`,
  );
});

test("a file cut off anywhere is incomplete", async () => {
  const list = concat([u32(8), u64(3), text("a"), text("b"), text("c")]);
  const whole = ggufFile({
    pairs: [pair("list", 9, list)],
    tensors: [{ ...W, data: concat([F345, F345, F345, F345]), ne: [8] }],
  });
  for (let length = 4; length < whole.length; length += 1) {
    expect([length, (await index(whole.subarray(0, length))).kind]).toEqual([length, "incomplete"]);
  }
});

test("a file with any byte changed gives an outcome", async () => {
  const whole = ggufFile({ pairs: [pair("k", 4, u32(1))], tensors: [W] });
  for (const change of [0x01, 0x80, 0xff]) {
    for (let at = 4; at < whole.length; at += 1) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ change;
      expect((await index(changed)).kind).toMatch(/^(ok|incomplete|malformed|unsupported)$/);
    }
  }
});

test("a hundred thousand tensors behind a large vocabulary are all listed", async () => {
  const tokens = concat(Array.from({ length: 100_000 }, (_, at) => text(`token ${at}`)));
  const tensors = Array.from({ length: 100_000 }, (_, at) => ({ name: `w${at}`, type: 0, ne: [0] }));
  const outcome = await index(
    ggufFile({ pairs: [pair("tokens", 9, concat([u32(8), u64(100_000), tokens]))], tensors }),
  );
  expect(outcome.kind === "ok" ? outcome.value.tensors.length : outcome).toBe(100_000);
});

test("a GGUF file is known by its first four bytes", async () => {
  const reader = await fileReaderFor(sourceOf(ggufFile({}), "model"));
  expect(reader.kind === "ok" && reader.value).toBe(gguf);
});

const WIDTHS: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 10: 8, 11: 8, 12: 8 };
const FIRST = "m-00001-of-00003.gguf";
const THIRD = "m-00003-of-00003.gguf";

function splitKeys(no: number): Uint8Array[] {
  return [
    pair("split.no", 2, Uint8Array.of(no, 0)),
    pair("split.count", 2, Uint8Array.of(3, 0)),
    pair("split.tensors.count", 5, u32(2)),
  ];
}

function splitFiles(): Record<string, Uint8Array> {
  return {
    [FIRST]: ggufFile({ pairs: splitKeys(0), tensors: [{ ...W, name: "a" }] }),
    "m-00002-of-00003.gguf": ggufFile({ pairs: splitKeys(1) }),
    [THIRD]: ggufFile({ pairs: splitKeys(2), tensors: [{ ...W, name: "b" }] }),
  };
}

function place(offset: number, byteLength: number): object {
  return { file: "m.gguf", offset, byteLength };
}

async function index(bytes: Uint8Array): Promise<Outcome<CheckpointIndex>> {
  return readGguf(sourceOf(bytes, "m.gguf"), folderOf());
}
