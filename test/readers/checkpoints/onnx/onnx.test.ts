import { expect, test } from "vitest";

import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { onnx, readOnnx } from "#readers/checkpoints/onnx/onnx.ts";
import { fileReaderFor } from "#readers/checkpoints/readers.ts";

import { measureIndex } from "../../../support/measure.ts";
import { folderOf } from "../../../support/folderSource.ts";
import { constant, externalData, initializers, node, onnxModel, packed, tensorProto } from "../../../support/onnx.ts";
import { bytesField, fixed32Field, message, textField, varintField } from "../../../support/protobuf.ts";
import { bytesOf, concat, sourceOf } from "../../../support/safetensors.ts";

const F345 = bytesOf(Float32Array.of(3, -4));

test("raw values of an initializer are a range of the file, and nothing of it is read", async () => {
  const file = onnxModel(...initializers({ name: "W", type: 1, dims: [1, 2], raw: F345 }));
  const at = file.length - F345.length - 4;
  const entry = { name: "W", kind: "weight", dtype: "F32", shape: [1, 2], elements: 2, file: "m.onnx" };
  expect(await index(file)).toEqual({
    kind: "ok",
    value: {
      format: "onnx",
      tensors: [{ ...entry, parts: [{ file: "m.onnx", offset: at, byteLength: 8 }] }],
      metadata: { ir_version: "9", producer_name: "by hand" },
      notRead: [],
      notes: [],
    },
  });
});

const half = (...codes: readonly number[]): number[] => [...codes];

test.each([
  { as: "float_data", type: 1, dims: [2], more: [bytesField(4, F345)] },
  { as: "float_data without packing", type: 1, dims: [2], more: untagged(F345) },
  {
    as: "float_data in two pieces",
    type: 1,
    dims: [2],
    more: [bytesField(4, F345.subarray(0, 4)), bytesField(4, F345.subarray(4))],
  },
  {
    as: "float_data packed and not",
    type: 1,
    dims: [2],
    more: [bytesField(4, F345.subarray(0, 4)), fixed32Field(4, F345.subarray(4))],
  },
  { as: "double_data", type: 11, dims: [2], more: [bytesField(10, bytesOf(Float64Array.of(3, 4)))] },
  { as: "int64_data", type: 7, dims: [2], more: [packed(7, [3, -4])] },
  { as: "int64_data without packing", type: 7, dims: [2], more: [varintField(7, -3n), varintField(7, 4)] },
  { as: "uint64_data", type: 13, dims: [2], more: [packed(11, [3, 4])] },
  { as: "uint64_data of UINT32", type: 12, dims: [2], more: [packed(11, [3, 4])] },
  { as: "int32_data", type: 6, dims: [2], more: [packed(5, [-3, 4])] },
  { as: "int32_data without packing", type: 6, dims: [2], more: [varintField(5, -3), varintField(5, 4)] },
  { as: "int32_data of INT16", type: 5, dims: [2], more: [packed(5, [-3, 4])] },
  { as: "int32_data of UINT16", type: 4, dims: [2], more: [packed(5, [3, 4])] },
  { as: "int32_data of INT8", type: 3, dims: [2], more: [packed(5, [-3, 4])] },
  { as: "int32_data of UINT8", type: 2, dims: [2], more: [packed(5, [3, 4])] },
  { as: "int32_data of FLOAT16", type: 10, dims: [2], more: [packed(5, half(0x4200, 0xc400))] },
  { as: "int32_data of BFLOAT16", type: 16, dims: [2], more: [packed(5, half(0x4040, 0xc080))] },
  { as: "int32_data of FLOAT8E4M3FN", type: 17, dims: [2], more: [packed(5, [0x44, 0xc8])] },
  { as: "int32_data of FLOAT8E4M3FNUZ", type: 18, dims: [2], more: [packed(5, [0x4c, 0xd0])] },
  { as: "int32_data of FLOAT8E5M2", type: 19, dims: [2], more: [packed(5, [0x42, 0xc4])] },
  { as: "int32_data of FLOAT8E5M2FNUZ", type: 20, dims: [2], more: [packed(5, [0x46, 0xc8])] },
  { as: "int32_data of UINT4", type: 21, dims: [2], more: [packed(5, [0x43])] },
  { as: "int32_data of INT4", type: 22, dims: [2], more: [packed(5, [0xcd])] },
  { as: "int32_data of FLOAT4E2M1", type: 23, dims: [2], more: [packed(5, [0xe5])] },
  { as: "float_data of COMPLEX64", type: 14, dims: [1], more: [bytesField(4, F345)] },
  { as: "raw FLOAT16", type: 10, dims: [2], raw: bytesOf(Uint16Array.of(0x4200, 0xc400)) },
])("3 and 4 as $as have norm 5", async ({ type, dims, raw, more }) => {
  const tensor = {
    name: "t",
    type,
    dims,
    ...(raw === undefined ? {} : { raw }),
    ...(more === undefined ? {} : { more }),
  };
  const file = onnxModel(...initializers(tensor));
  expect(await measureIndex(await index(file), { "m.onnx": file })).toEqual({ t: 5 });
});

test("dimensions may be packed, and a tensor may have none or no elements", async () => {
  const shape = packed(1, [1, 300, 0]);
  const file = onnxModel(
    bytesField(5, message(shape, varintField(2, 1), textField(8, "empty"))),
    ...initializers({ name: "scalar", type: 1, dims: [], raw: F345.subarray(0, 4) }),
  );
  expect(shapes(await index(file))).toEqual({ empty: [1, 300, 0], scalar: [] });
  expect(await measureIndex(await index(file), { "m.onnx": file })).toEqual({ empty: 0, scalar: 3 });
});

test("constants of the graph, of graphs inside it, of functions and of training are listed under unique names", async () => {
  const file = message(
    onnxModel(
      constant("c", named("")),
      node(
        "If",
        "y",
        branch("then_branch", constant("c", named("")), bytesField(5, named("w"))),
        branch(
          "else_branch",
          bytesField(5, named("w")),
          node("Loop", "z", branch("body", constant("deep", named("")))),
        ),
      ),
      node("ConstantOfShape", "zeros", message(textField(1, "value"), bytesField(5, named("setting")))),
      bytesField(15, message(bytesField(1, named("sparse")), bytesField(2, named("indices")), varintField(3, 100))),
      bytesField(5, named("")),
      bytesField(5, named("")),
    ),
    bytesField(25, message(textField(1, "f"), bytesField(7, constant("inside", named("")).subarray(2)))),
    bytesField(20, bytesField(1, bytesField(5, named("trained")))),
  );
  expect(Object.keys(shapes(await index(file)))).toEqual([
    "c",
    "node of y/then_branch/c",
    "w",
    "node of y/else_branch/w",
    "deep",
    "sparse",
    "tensor",
    "tensor (2)",
    "inside",
    "trained",
  ]);
});

test.each([
  { what: "a tensor of STRING", type: 8, dims: [1], more: [textField(6, "text")] },
  { what: "a tensor of COMPLEX128", type: 15, dims: [1], raw: new Uint8Array(16) },
  { what: "a tensor of FLOAT6E2M3", type: 27, dims: [1], raw: new Uint8Array(1) },
  { what: "a tensor of element type 99", type: 99, dims: [1], raw: new Uint8Array(1) },
  { what: "a tensor of INT4 that ends inside a byte", type: 22, dims: [3], raw: new Uint8Array(2) },
  { what: "a tensor without data", type: 1, dims: [2] },
  {
    what: "a tensor whose data are cut into several lists of numbers",
    type: 7,
    dims: [2],
    more: [packed(7, [3]), packed(7, [4])],
  },
])("$what is named, not read", async ({ what, ...tensor }) => {
  const outcome = await index(onnxModel(...initializers({ name: "t", ...tensor })));
  expect(outcome).toMatchObject({ kind: "ok", value: { tensors: [], notRead: [{ name: "t", what }] } });
});

test("values in a file beside the model are a range of that file", async () => {
  const more = externalData({ location: "./data/w.bin", offset: "4096", length: "8", checksum: "x" });
  const file = onnxModel(...initializers({ name: "W", type: 1, dims: [2], more }));
  const files = { "m.onnx": file, "data/w.bin": concat([new Uint8Array(4096), F345]) };
  const outcome = await index(file, files);
  expect(outcome).toMatchObject({
    kind: "ok",
    value: { tensors: [{ file: "data/w.bin", parts: [{ file: "data/w.bin", offset: 4096, byteLength: 8 }] }] },
  });
  expect(await measureIndex(outcome, files)).toEqual({ W: 5 });
});

test.each([
  { location: "../w.bin", note: '../w.bin: "../w.bin" is not inside the checkpoint\'s folder. It was not opened.' },
  {
    location: "/etc/passwd",
    note: '/etc/passwd: "/etc/passwd" is not inside the checkpoint\'s folder. It was not opened.',
  },
  { location: "w.bin", note: "w.bin: the model names this file, but it is missing." },
])("values in $location are not read, and one note says why", async ({ location, note }) => {
  const more = externalData({ location });
  const two = ["V", "W"].map((name) => ({ name, type: 1, dims: [2], more }));
  const outcome = await index(onnxModel(...initializers(...two)));
  const what = `a tensor in ${location}, which was not opened`;
  const notRead = [
    { name: "V", what },
    { name: "W", what },
  ];
  expect(outcome).toMatchObject({ kind: "ok", value: { tensors: [], notRead, notes: [note] } });
});

test("values past the end of a file beside the model are incomplete", async () => {
  const more = externalData({ location: "w.bin", offset: "4" });
  const file = onnxModel(...initializers({ name: "W", type: 1, dims: [2], more }));
  expect(await index(file, { "w.bin": F345 })).toEqual({ kind: "incomplete", have: 8, need: 12 });
});

test.each([
  { file: "a model of any name", bytes: onnxModel(), name: "model", is: true },
  { file: "a model whose version does not come first", bytes: onnxModel().subarray(2), name: "m.onnx", is: true },
  {
    file: "a SavedModel",
    bytes: message(varintField(1, 1), bytesField(2, new Uint8Array(5000))),
    name: "saved_model.pb",
    is: false,
  },
  {
    file: "a small message like a model's",
    bytes: message(varintField(1, 1), bytesField(2, F345)),
    name: "x.pb",
    is: false,
  },
  { file: "text", bytes: new TextEncoder().encode("version https://git-lfs"), name: "m.onnx", is: false },
  { file: "an empty file", bytes: new Uint8Array(), name: "m.onnx", is: false },
])("$file is an ONNX model: $is", async ({ bytes, name, is }) => {
  const reader = await fileReaderFor(sourceOf(bytes, name));
  expect(reader.kind === "ok" && reader.value === onnx).toBe(is);
});

function named(name: string): Uint8Array {
  return tensorProto({ name, type: 1, dims: [2], raw: F345 });
}

function branch(attribute: string, ...graph: readonly Uint8Array[]): Uint8Array {
  return message(textField(1, attribute), bytesField(6, message(...graph)));
}

function untagged(bytes: Uint8Array): Uint8Array[] {
  return [fixed32Field(4, bytes.subarray(0, 4)), fixed32Field(4, bytes.subarray(4))];
}

async function index(
  bytes: Uint8Array,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<Outcome<CheckpointIndex>> {
  return readOnnx(sourceOf(bytes, "m.onnx"), folderOf(files));
}

function shapes(outcome: Outcome<CheckpointIndex>): Record<string, readonly number[]> {
  const tensors = outcome.kind === "ok" ? outcome.value.tensors : [];
  return Object.fromEntries(tensors.map(({ name, shape }) => [name, shape]));
}
