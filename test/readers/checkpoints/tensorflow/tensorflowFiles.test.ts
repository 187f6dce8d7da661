import { expect, test } from "vitest";

import { fileReaderFor, folderReaderFor } from "#readers/checkpoints/readers.ts";
import { tensorflow } from "#readers/checkpoints/tensorflow/tensorflow.ts";

import { measureIndex } from "../../../support/measure.ts";
import { folderOf } from "../../../support/folderSource.ts";
import { bytesOf, sourceOf } from "../../../support/safetensors.ts";
import { tableFile, tensorflowBundle, type TestBundle, type TestVariable } from "../../../support/tensorflow.ts";

const F345 = bytesOf(Float32Array.of(3, -4));
const W: TestVariable = { type: 1, shape: [1, 2], data: F345 };
const INDEX = "ckpt-1.index";
const DATA = "ckpt-1.data-00000-of-00001";

test.each([
  { opened: INDEX, also: "its data file" },
  { opened: DATA, also: "its index" },
  { opened: "checkpoint", also: "the one it names" },
])("a checkpoint is read from $opened, with $also", async ({ opened }) => {
  const files = { ...filesOf({ variables: { w: W } }), checkpoint: latest("/somewhere/else/ckpt-1") };
  const source = sourceOf(new Map(Object.entries(files)).get(opened) ?? F345, opened);
  const reader = await fileReaderFor(source);
  expect(reader.kind === "ok" && reader.value).toBe(tensorflow);
  expect(await measureIndex(await tensorflow.readIndex(source, folderOf(files)), files)).toEqual({ w: 5 });
});

test("a folder is its only checkpoint, or the one it names as the latest", async () => {
  const [one, two] = [filesOf({ variables: { w: W } }), filesOf({ variables: { v: W } }, "ckpt-2")];
  expect(folderReaderFor(Object.keys(one))?.format).toBe("tensorflow");
  expect(folderReaderFor([...Object.keys(one), ...Object.keys(two)])).toBeUndefined();
  expect(folderReaderFor(["faiss.index", "model.ckpt.meta"])).toBeUndefined();
  const files = { ...one, ...two, checkpoint: latest("ckpt-2") };
  const reader = folderReaderFor(Object.keys(files));
  const outcome = await reader?.readIndex(folderOf(files));
  expect(outcome).toMatchObject({
    value: {
      tensors: [{ name: "v" }],
      notes: ["There are 2 checkpoints in this folder; the one that `checkpoint` names as the latest was read."],
    },
  });
});

test("the variables of a SavedModel are found, and their files named from its folder on", async () => {
  const files = { "saved_model.pb": F345, ...filesOf({ variables: { w: W } }, "variables/variables") };
  const outcome = await folderReaderFor(Object.keys(files))?.readIndex(folderOf(files));
  expect(outcome).toMatchObject({ value: { tensors: [{ file: "variables/variables.data-00000-of-00001" }] } });
});

test("a checkpoint of the first version is named, from itself and from the text that names it", async () => {
  const single = tableFile([
    ["", Uint8Array.of(0x0a, 0)],
    ["w", F345],
  ]);
  const files = { "old.ckpt": single, checkpoint: latest("old.ckpt") };
  for (const name of ["old.ckpt", "checkpoint"] as const) {
    const outcome = await tensorflow.readIndex(sourceOf(files[name], name), folderOf(files));
    expect(outcome.kind === "unsupported" && outcome.what).toContain("TensorFlow's first checkpoint format");
  }
});

function latest(prefix: string): Uint8Array {
  return new TextEncoder().encode(`model_checkpoint_path: "${prefix}"\n`);
}

function filesOf(bundle: TestBundle, prefix = "ckpt-1"): Record<string, Uint8Array> {
  const { index, data } = tensorflowBundle(bundle);
  return { [`${prefix}.index`]: index, [`${prefix}.data-00000-of-00001`]: data };
}
