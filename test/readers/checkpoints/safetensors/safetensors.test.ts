import { expect, test } from "vitest";

import { inOnePiece } from "#core/tensorPart.ts";
import { readSafetensors } from "#readers/checkpoints/safetensors/safetensors.ts";

import {
  bytesOf,
  concat,
  headerLength,
  safetensorsBytes,
  safetensorsFile,
  sourceOf,
} from "../../../support/safetensors.ts";

const FOUR = new Uint8Array(4);

function read(bytes: Uint8Array, name?: string): ReturnType<typeof readSafetensors> {
  return readSafetensors(sourceOf(bytes, name));
}

test("a file with a matrix, a scalar and an empty tensor is listed with absolute offsets", async () => {
  const bytes = safetensorsFile(
    {
      "layer.weight": { dtype: "F32", shape: [2, 1], data: bytesOf(Float32Array.of(1, 2)) },
      scale: { dtype: "F16", shape: [], data: new Uint8Array(2) },
      nothing: { dtype: "I64", shape: [0, 3], data: new Uint8Array() },
    },
    { format: "pt" },
  );
  const start = bytes.length - 10;
  const file = "model.safetensors";
  expect(await read(bytes)).toEqual({
    kind: "ok",
    value: {
      format: "safetensors",
      metadata: { format: "pt" },
      notes: [],
      tensors: [
        {
          name: "layer.weight",
          kind: "weight",
          dtype: "F32",
          shape: [2, 1],
          elements: 2,
          file,
          parts: inOnePiece(file, start, 8),
        },
        {
          name: "scale",
          kind: "weight",
          dtype: "F16",
          shape: [],
          elements: 1,
          file,
          parts: inOnePiece(file, start + 8, 2),
        },
        {
          name: "nothing",
          kind: "other",
          dtype: "I64",
          shape: [0, 3],
          elements: 0,
          file,
          parts: inOnePiece(file, start + 10, 0),
        },
      ],
    },
  });
});

const ENTRY = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';

test.each([
  { oddity: "blanks before and after the JSON", header: `  \n{"a":${ENTRY}} \t\r\n`, names: ["a"] },
  { oddity: "a tensor called __proto__", header: `{"__proto__":${ENTRY}}`, names: ["__proto__"] },
  { oddity: "a tensor called constructor", header: `{"constructor":${ENTRY}}`, names: ["constructor"] },
  { oddity: "an escaped name", header: `{"\\u00e9\\"\\n":${ENTRY}}`, names: ['é"\n'] },
  { oddity: "null metadata", header: `{"__metadata__":null,"a":${ENTRY}}`, names: ["a"] },
  {
    oddity: "fields of a future version",
    header: '{"a":{"x":[1.5e3,{"y":null}],"dtype":"F32","shape":[1],"data_offsets":[0,4],"z":true}}',
    names: ["a"],
  },
])("$oddity is legal", async ({ header, names }) => {
  const outcome = await read(safetensorsBytes(header, FOUR));
  expect(outcome.kind === "ok" ? outcome.value.tensors.map(({ name }) => name) : outcome).toEqual(names);
});

test("tensors come in the order of their bytes, not of the header", async () => {
  const header =
    '{"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}';
  const outcome = await read(safetensorsBytes(header, FOUR));
  expect(outcome).toMatchObject({ kind: "ok", value: { tensors: [{ name: "a" }, { name: "b" }] } });
});

function entry(fields: string): string {
  return `{"a":{${fields}}}`;
}

test.each([
  {
    attack: "a header of 100,000,001 bytes",
    bytes: concat([headerLength(100_000_001), FOUR]),
    what: "not a safetensors file",
  },
  { attack: "a header of 2^63 bytes", bytes: concat([headerLength(2 ** 63), FOUR]), what: "not a safetensors file" },
  {
    attack: "an empty header before data",
    bytes: concat([headerLength(0), bytesOf(Uint8Array.of(7))]),
    what: "1 to 100000000",
  },
  { attack: "an array instead of an object", bytes: safetensorsBytes("[]"), what: "Expected {" },
  { attack: "text after the JSON", bytes: safetensorsBytes("{}{}"), what: "follows the end" },
  { attack: "a byte order mark", bytes: safetensorsBytes("\uFEFF{}"), what: "Expected {" },
  { attack: "a trailing comma", bytes: safetensorsBytes(`{"a":${ENTRY},}`, FOUR), what: 'Expected "' },
  {
    attack: "nesting 100,000 deep",
    bytes: safetensorsBytes(`{"a":{"x":${"[".repeat(100_000)}`),
    what: "deeper than 128",
  },
  { attack: "invalid UTF-8", bytes: safetensorsBytes(Uint8Array.of(0x7b, 0x22, 0xff, 0x22)), what: "not UTF-8" },
  { attack: "half a surrogate pair", bytes: safetensorsBytes(`{"\\ud800":${ENTRY}}`, FOUR), what: "surrogate" },
  { attack: "an unknown escape", bytes: safetensorsBytes(`{"\\x":${ENTRY}}`, FOUR), what: "bad escape" },
  { attack: "a line break in a name", bytes: safetensorsBytes(`{"a\n":${ENTRY}}`, FOUR), what: "not closed" },
  { attack: "a duplicate name", bytes: safetensorsBytes(`{"a":${ENTRY},"a":${ENTRY}}`, FOUR), what: "a: listed twice" },
  { attack: "a number in the metadata", bytes: safetensorsBytes('{"__metadata__":{"a":1}}'), what: 'Expected "' },
])("$attack is malformed", async ({ bytes, what }) => {
  expect(await read(bytes)).toEqual({
    kind: "malformed",
    offset: expect.any(Number) as number,
    what: expect.stringContaining(what) as string,
  });
});

test.each([
  { fields: '"dtype":"F32","shape":[1]', what: "a: needs dtype, shape and data_offsets" },
  { fields: '"dtype":"F32","shape":[1],"data_offsets":[0]', what: "two numbers" },
  { fields: '"dtype":"F32","shape":[1],"data_offsets":[0,4,8]', what: "two numbers" },
  { fields: '"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]', what: "a: dtype is given twice" },
  { fields: '"dtype":"F32","shape":[1.0],"data_offsets":[0,4]', what: "a: shape: Expected a whole number" },
  { fields: '"dtype":"F32","shape":[1e0],"data_offsets":[0,4]', what: "found 1e0" },
  { fields: '"dtype":"F32","shape":[01],"data_offsets":[0,4]', what: "found 01" },
  { fields: '"dtype":"F32","shape":["1"],"data_offsets":[0,4]', what: "found none" },
  { fields: '"dtype":"F32","shape":[1],"data_offsets":[-4,0]', what: "a: data_offsets: Expected a whole number" },
  { fields: '"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]', what: "found 9007199254740993" },
  { fields: '"dtype":"F32","shape":[1],"data_offsets":[4,0]', what: "takes 4 bytes, but data_offsets are [4, 0]" },
  { fields: '"dtype":"F32","shape":[2],"data_offsets":[0,4]', what: "takes 8 bytes, but data_offsets are [0, 4]" },
  { fields: '"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]', what: "more than 2^53 bits" },
  { fields: '"dtype":"F64","shape":[281474976710656],"data_offsets":[0,4]', what: "more than 2^53 bits" },
  { fields: '"dtype":"F4","shape":[7],"data_offsets":[0,4]', what: "ends inside a byte" },
  { fields: '"dtype":"U8","shape":[3],"data_offsets":[1,4]', what: "leaves a hole after byte 0" },
  { fields: '"dtype":"U8","shape":[3],"data_offsets":[0,3]', what: "1 bytes follow the last tensor" },
])("a tensor with $fields is malformed", async ({ fields, what }) => {
  const outcome = await read(safetensorsBytes(entry(fields), FOUR));
  expect(outcome).toEqual({
    kind: "malformed",
    offset: expect.any(Number) as number,
    what: expect.stringContaining(what) as string,
  });
});

test("two tensors on the same bytes are malformed", async () => {
  const header = `{"a":${ENTRY},"b":${ENTRY}}`;
  const what = "b: data_offsets [0, 4] overlaps bytes up to 4 of the data. Save the file again.";
  expect(await read(safetensorsBytes(header, FOUR))).toEqual({ kind: "malformed", offset: 8 + header.length, what });
});

test("a malformed header is reported at its byte in the file", async () => {
  const outcome = await read(safetensorsBytes('{"a" 1}'));
  expect(outcome).toEqual({ kind: "malformed", offset: 13, what: "Expected : in the JSON." });
});

test("an element type nobody knows is unsupported, by name", async () => {
  const outcome = await read(safetensorsBytes('{"a":{"dtype":"F7","shape":[1],"data_offsets":[0,4]}}', FOUR));
  const what = "a: this version does not know element type F7; the file was not read.";
  expect(outcome).toEqual({ kind: "unsupported", what });
});

test.each([
  { file: "an empty file", bytes: new Uint8Array(), have: 0, need: 8 },
  { file: "a file of zeros", bytes: new Uint8Array(100), have: 0, need: 100 },
  { file: "a file with half its header", bytes: concat([headerLength(100), FOUR]), have: 12, need: 108 },
  {
    file: "a sized file whose header is not written",
    bytes: concat([headerLength(4), new Uint8Array(8)]),
    have: 8,
    need: 16,
  },
  {
    file: "a sized file whose header is half written",
    bytes: safetensorsBytes('{"a":{"dty\0\0\0\0', FOUR),
    have: 18,
    need: 26,
  },
  {
    file: "a file without its last byte",
    bytes: safetensorsBytes(`{"a":${ENTRY}}`, new Uint8Array(3)),
    have: 65,
    need: 66,
  },
])("$file is incomplete", async ({ bytes, have, need }) => {
  expect(await read(bytes)).toEqual({ kind: "incomplete", have, need });
});

test("a file cut at any byte is incomplete, and never throws", async () => {
  const bytes = safetensorsFile(
    { a: { dtype: "F32", shape: [2], data: bytesOf(Float32Array.of(1, 2)) } },
    { step: "3" },
  );
  const kinds = await Promise.all(Array.from(bytes, async (_, end) => (await read(bytes.slice(0, end))).kind));
  expect(new Set(kinds)).toEqual(new Set(["incomplete"]));
});

test("a file with any one byte flipped never throws", async () => {
  const bytes = safetensorsFile({ a: { dtype: "F32", shape: [2], data: bytesOf(Float32Array.of(1, 2)) } });
  const kinds = await Promise.all(
    Array.from(bytes, async (byte, at) => (await read(bytes.with(at, byte ^ 0xff))).kind),
  );
  expect(kinds).toHaveLength(bytes.length);
});

test("a name of a million letters does not fill the message", async () => {
  const outcome = await read(safetensorsBytes(`{"${"x".repeat(1_000_000)}":{}}`));
  expect(outcome.kind === "malformed" ? outcome.what.length : outcome).toBeLessThan(300);
});
