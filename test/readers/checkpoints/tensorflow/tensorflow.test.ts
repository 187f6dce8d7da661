import { expect, test } from "vitest";

import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { sliceKey } from "#readers/checkpoints/tensorflow/slices.ts";
import { tensorflow } from "#readers/checkpoints/tensorflow/tensorflow.ts";

import { measureIndex } from "../../../support/measure.ts";
import { folderOf } from "../../../support/folderSource.ts";
import { message, varintField } from "../../../support/protobuf.ts";
import { bytesOf, concat, sourceOf } from "../../../support/safetensors.ts";
import {
  BUNDLE_HEADER,
  objectGraph,
  slicesField,
  tensorflowBundle,
  type TestBundle,
  type TestVariable,
} from "../../../support/tensorflow.ts";

const F345 = bytesOf(Float32Array.of(3, -4));
const W: TestVariable = { type: 1, shape: [1, 2], data: F345 };
const INDEX = "ckpt-1.index";
const DATA = "ckpt-1.data-00000-of-00001";

test("variables are listed by their keys, with their bytes in the data file", async () => {
  const outcome = await index({
    variables: { "b/x": W, "a/long/name": { type: 9, shape: [], data: new Uint8Array(8) } },
  });
  const counter = { name: "a/long/name", kind: "other", dtype: "I64", shape: [], elements: 1, file: DATA };
  const weight = { name: "b/x", kind: "weight", dtype: "F32", shape: [1, 2], elements: 2, file: DATA };
  expect(outcome).toEqual({
    kind: "ok",
    value: {
      format: "tensorflow",
      tensors: [
        { ...counter, parts: [{ file: DATA, offset: 8, byteLength: 8 }] },
        { ...weight, parts: [{ file: DATA, offset: 0, byteLength: 8 }] },
      ],
      metadata: {},
      notRead: [],
      notes: [],
    },
  });
});

test.each([
  { type: 1, data: F345, dtype: "F32" },
  { type: 2, data: bytesOf(Float64Array.of(3, 4)), dtype: "F64" },
  { type: 3, data: bytesOf(Int32Array.of(3, -4)), dtype: "I32" },
  { type: 4, data: Uint8Array.of(3, 4), dtype: "U8" },
  { type: 5, data: bytesOf(Int16Array.of(3, -4)), dtype: "I16" },
  { type: 6, data: Uint8Array.of(3, 0xfc), dtype: "I8" },
  { type: 9, data: bytesOf(BigInt64Array.of(3n, -4n)), dtype: "I64" },
  { type: 14, data: bytesOf(Uint16Array.of(0x4040, 0xc080)), dtype: "BF16" },
  { type: 17, data: bytesOf(Uint16Array.of(3, 4)), dtype: "U16" },
  { type: 19, data: bytesOf(Uint16Array.of(0x4200, 0xc400)), dtype: "F16" },
  { type: 22, data: bytesOf(Uint32Array.of(3, 4)), dtype: "U32" },
  { type: 23, data: bytesOf(BigUint64Array.of(3n, 4n)), dtype: "U64" },
  { type: 24, data: Uint8Array.of(0x42, 0xc4), dtype: "F8_E5M2" },
  { type: 25, data: Uint8Array.of(0x44, 0xc8), dtype: "F8_E4M3" },
])("3 and 4 of type $type have norm 5, in either byte order", async ({ type, data, dtype }) => {
  const variables = { v: { type, shape: [2], data } };
  const files = filesOf({ variables });
  const little = await read(files);
  expect(little).toMatchObject({ value: { tensors: [{ dtype }] } });
  expect(await measureIndex(little, files)).toEqual({ v: 5 });
  const width = data.length / 2;
  const swapped = concat([data.slice(0, width).toReversed(), data.slice(width).toReversed()]);
  const big = filesOf({
    variables: { v: { type, shape: [2], data: swapped } },
    header: message(BUNDLE_HEADER, varintField(2, 1)),
  });
  expect(await measureIndex(await read(big), big)).toEqual({ v: 5 });
});

test("big-endian complex numbers are swapped part by part", async () => {
  const data = concat([F345.slice(0, 4).toReversed(), F345.slice(4).toReversed()]);
  const header = message(BUNDLE_HEADER, varintField(2, 1));
  const files = filesOf({ variables: { c: { type: 8, shape: [], data } }, header });
  expect(await measureIndex(await read(files), files)).toEqual({ c: 5 });
});

test("the pieces of a partitioned variable are its boxes, with starts of one and of many bytes", async () => {
  const pieces = [
    [
      [0, 4],
      [0, 2],
    ],
    [
      [4, 296],
      [0, 2],
    ],
    [
      [300, 1],
      [0, 2],
    ],
  ] as const;
  const variables: Record<string, TestVariable> = {
    emb: { type: 1, shape: [301, 2], more: slicesField(...pieces.map(([rows]) => [rows, null])) },
  };
  for (const [[start, rows]] of pieces) {
    const slice = [
      { start, length: rows },
      { start: 0, length: undefined },
    ];
    variables[sliceKey("emb", slice)] = {
      type: 1,
      shape: [rows, 2],
      data: bytesOf(new Float32Array(rows * 2).fill(1)),
    };
  }
  const files = filesOf({ variables });
  const outcome = await read(files);
  expect(
    outcome.kind === "ok" &&
      outcome.value.tensors.map(({ name, shape, parts }) => [name, shape, parts.map(({ box }) => box)]),
  ).toEqual([
    [
      "emb",
      [301, 2],
      [
        { start: [0, 0], shape: [4, 2] },
        { start: [4, 0], shape: [296, 2] },
        { start: [300, 0], shape: [1, 2] },
      ],
    ],
  ]);
  expect(await measureIndex(outcome, files)).toEqual({ emb: Math.sqrt(602) });
});

test.each([
  {
    name: "emb",
    slice: [
      [0, 4],
      [0, 3],
    ],
    key: "00 65 6d 62 00 01 01 02 80 84 80 83",
  },
  {
    name: "d/kernel",
    slice: [
      [0, -1],
      [0, -1],
    ],
    key: "00 64 2f 6b 65 72 6e 65 6c 00 01 01 02 80 7f 80 7f",
  },
  { name: "e", slice: [[64, 8191]], key: "00 65 00 01 01 01 c0 40 df ff" },
  { name: "e", slice: [[8192, 1_000_000]], key: "00 65 00 01 01 01 e0 20 00 ef 42 40" },
  { name: "e", slice: [], key: "00 65 00 01 00" },
])("the key of a piece of $name is what TensorFlow writes", ({ name, slice, key }) => {
  const own = slice.map(([start = 0, length = 0]) => ({ start, length: length < 0 ? undefined : length }));
  const bytes = Array.from(sliceKey(name, own), (character) => character.charCodeAt(0).toString(16).padStart(2, "0"));
  expect(bytes.join(" ")).toBe(key);
});

const VALUE = "/.ATTRIBUTES/VARIABLE_VALUE";

test("slots of objects, graphs and names have their kinds and parameters", async () => {
  const slot = (name: string): string => `l/k/.OPTIMIZER_SLOT/optimizer/${name}${VALUE}`;
  const keras = (at: number): string => `optimizer/_variables/${at}${VALUE}`;
  const names = {
    [`model/w${VALUE}`]: "net/w",
    [keras(2)]: "adam/net_w_momentum",
    [keras(3)]: "adam/net_w_velocity",
    [keras(4)]: "rmsprop/net_w_momentum",
    [keras(5)]: "Adam/m/net/w",
    [keras(6)]: "SGD/m/net/w",
    [keras(7)]: "adam/gone_momentum",
    [`optimizer/_learning_rate${VALUE}`]: "adam/learning_rate",
  };
  const expected: Readonly<Record<string, string>> = {
    [slot("m")]: `moment1 of l/k${VALUE}`,
    [slot("v")]: `moment2 of l/k${VALUE}`,
    [slot("rms")]: `moment2 of l/k${VALUE}`,
    [slot("mg")]: `moment1 of l/k${VALUE}`,
    [slot("momentum")]: `momentum of l/k${VALUE}`,
    [slot("strange")]: `other of l/k${VALUE}`,
    [keras(2)]: `moment1 of model/w${VALUE}`,
    [keras(3)]: `moment2 of model/w${VALUE}`,
    [keras(4)]: `momentum of model/w${VALUE}`,
    [keras(5)]: `moment1 of model/w${VALUE}`,
    [keras(6)]: `momentum of model/w${VALUE}`,
    [keras(7)]: "moment1",
    "d/k/Adam": "moment1 of d/k",
    "d/k/Adam_1": "moment2 of d/k",
    "d/k/Momentum": "momentum of d/k",
    "d/k/RMSProp": "moment2 of d/k",
    "d/k/RMSProp_1": "momentum of d/k",
    "c/RMSProp_1": "moment1 of c",
    "c/RMSProp_2": "momentum of c",
    "alone/Adam": "weight",
    "d/k/constructor": "weight",
    beta1_power: "other",
    [`optimizer/_learning_rate${VALUE}`]: "other",
    [`optimizer/_trainable_variables/0${VALUE}`]: "weight",
    [`l/k${VALUE}`]: "weight",
    [`model/w${VALUE}`]: "weight",
    "d/k": "weight",
    c: "weight",
  };
  const variables = Object.fromEntries(Object.keys(expected).map((key) => [key, W]));
  const outcome = await index({ variables: { ...variables, _CHECKPOINTABLE_OBJECT_GRAPH: objectGraph(names) } });
  const tensors = outcome.kind === "ok" ? outcome.value.tensors : [];
  const found = tensors.map(({ name, kind, parameter }) => [
    name,
    parameter === undefined ? kind : `${kind} of ${parameter}`,
  ]);
  expect(Object.fromEntries(found)).toEqual(expected);
  expect(outcome).toMatchObject({ value: { notRead: [] } });
});

test("variables that a Keras export lists a second time count once", async () => {
  const [first, second] = [`variables/0${VALUE}`, `_all_variables/0${VALUE}`];
  const outcome = await index({
    variables: { [first]: W, [second]: W, _CHECKPOINTABLE_OBJECT_GRAPH: objectGraph({ [first]: "w", [second]: "w" }) },
  });
  const notes = ["_all_variables/ repeats 1 variables, which are listed once."];
  expect(outcome).toMatchObject({ kind: "ok", value: { tensors: [{ name: first }], notes } });
});

test("strings, and types without a norm here, are named", async () => {
  const variables = {
    s: { type: 7, shape: [2], data: F345 },
    c: { type: 18, shape: [1], data: new Uint8Array(16) },
    x: { ...W, type: 99 },
  };
  expect(await index({ variables })).toMatchObject({
    value: {
      tensors: [],
      notRead: [
        { name: "c", what: "a tensor of DT_COMPLEX128" },
        { name: "s", what: "a tensor of strings" },
        { name: "x", what: "a tensor of element type 99" },
      ],
    },
  });
});

test("a data file that is missing is a note, and its variables are named", async () => {
  const { [INDEX]: own = F345 } = filesOf({ variables: { w: W } });
  expect(await read({ [INDEX]: own })).toMatchObject({
    kind: "ok",
    value: {
      tensors: [],
      notRead: [{ name: "w", what: "a variable whose data file is missing" }],
      notes: [`${DATA}: the index names this file, but it is missing.`],
    },
  });
});

test("blocks may be many, and compressed with Snappy", async () => {
  const names = Array.from({ length: 40 }, (_, at) => `layer/with/a/long/name/${at}`);
  const variables = Object.fromEntries(names.map((name) => [name, W]));
  const plain = await index({ variables, perBlock: 7 });
  expect(plain.kind === "ok" && plain.value.tensors.map(({ name }) => name)).toEqual(names.toSorted());
  expect(await index({ variables, perBlock: 7, compress: snappyLiterals })).toEqual(plain);
});

/** One literal: the simplest stream there is. */
function snappyLiterals(block: Uint8Array): Uint8Array {
  const length = block.length;
  return concat([
    Uint8Array.of((length & 127) | 128, length >> 7, 61 << 2, (length - 1) & 255, (length - 1) >> 8),
    block,
  ]);
}

function filesOf(bundle: TestBundle): Record<string, Uint8Array> {
  const { index: own, data } = tensorflowBundle(bundle);
  return { [INDEX]: own, [DATA]: data };
}

async function read(files: Readonly<Record<string, Uint8Array>>): Promise<Outcome<CheckpointIndex>> {
  return tensorflow.readIndex(sourceOf(files[INDEX] ?? F345, INDEX), folderOf(files));
}

async function index(bundle: TestBundle): Promise<Outcome<CheckpointIndex>> {
  return read(filesOf(bundle));
}
