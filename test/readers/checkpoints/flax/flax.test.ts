import { expect, test } from "vitest";

import type { ByteSource } from "#core/byteSource.ts";
import { readFlax } from "#readers/checkpoints/flax/flax.ts";
import { fileReaderFor } from "#readers/checkpoints/readers.ts";

import { normsIn } from "../../../support/elements.ts";
import { pack, packArray, packBin, type Packed, packExt, packMap } from "../../../support/msgpack.ts";
import { bytesOf, concat, sourceOf } from "../../../support/safetensors.ts";

const f32 = (...values: number[]): Uint8Array => bytesOf(Float32Array.from(values));
const KERNEL = packArray([2, 2], "float32", f32(1, 2, 2, 4));
const piece = (...values: number[]): Uint8Array => packArray([values.length], "float32", f32(...values));
const BIAS = packArray([2], "bfloat16", Uint8Array.of(0x80, 0x3f, 0, 0x40));

/** A TrainState of a layer under Adam, as `to_bytes` writes it. */
const STATE: Packed = {
  step: 3,
  params: { dense: { kernel: KERNEL, bias: BIAS } },
  opt_state: {
    "0": {},
    "1": {
      "0": {
        count: packArray([], "int32", Uint8Array.of(3, 0, 0, 0)),
        mu: { dense: { kernel: KERNEL, bias: BIAS } },
        nu: { dense: { kernel: KERNEL, bias: BIAS } },
      },
      "1": { trace: { dense: { kernel: KERNEL } } },
    },
  },
  rate: packArray([], "float64", bytesOf(Float64Array.of(0.5)), 3),
  nothing: null,
};

async function read(bytes: Uint8Array, name = "checkpoint_3"): ReturnType<typeof readFlax> {
  return readFlax(sourceOf(bytes, name));
}

async function failure(tree: Packed): Promise<unknown> {
  const { kind, ...outcome } = await read(pack(tree));
  return kind === "ok"
    ? "ok"
    : kind === "incomplete"
      ? "incomplete"
      : { kind, what: "what" in outcome && outcome.what };
}

test("a training state is listed with its kinds, parameters and plain values", async () => {
  const bytes = pack(STATE);
  const index = await read(bytes);
  const value = index.kind === "ok" ? index.value : undefined;
  expect(
    value?.tensors.map(({ name, kind, dtype, shape, parameter }) => [name, kind, dtype, shape, parameter]),
  ).toEqual([
    ["params/dense/kernel", "weight", "F32", [2, 2], undefined],
    ["params/dense/bias", "weight", "BF16", [2], undefined],
    ["opt_state/1/0/count", "other", "I32", [], undefined],
    ["opt_state/1/0/mu/dense/kernel", "moment1", "F32", [2, 2], "params/dense/kernel"],
    ["opt_state/1/0/mu/dense/bias", "moment1", "BF16", [2], "params/dense/bias"],
    ["opt_state/1/0/nu/dense/kernel", "moment2", "F32", [2, 2], "params/dense/kernel"],
    ["opt_state/1/0/nu/dense/bias", "moment2", "BF16", [2], "params/dense/bias"],
    ["opt_state/1/1/trace/dense/kernel", "momentum", "F32", [2, 2], "params/dense/kernel"],
    ["rate", "other", "F64", [], undefined],
  ]);
  expect([value?.metadata, value?.notes, value?.notRead]).toEqual([{ step: "3", nothing: "null" }, [], []]);
  const norms = await normsIn({ checkpoint_3: bytes }, value?.tensors ?? []);
  expect([norms["params/dense/kernel"], norms["params/dense/bias"], norms["rate"]]).toEqual([5, Math.sqrt(5), 0.5]);
});

test("only names and heads are read, whatever the arrays weigh", async () => {
  const big = new Uint8Array(3_000_000);
  const tree = pack({ a: packArray([750_000], "float32", big), b: packArray([750_000], "float32", big) });
  let bytesRead = 0;
  const counted: ByteSource = {
    ...sourceOf(tree, "x.msgpack"),
    async read(offset, length) {
      bytesRead += length;
      return tree.slice(offset, offset + length);
    },
  };
  expect((await readFlax(counted)).kind).toBe("ok");
  expect(bytesRead).toBeLessThan(50_000);
});

test("an array in pieces is one tensor", async () => {
  const chunks = { "0": piece(1, 2), "1": piece(2), "2": piece(4, 0, 0) };
  const bytes = pack({ w: { __msgpack_chunked_array__: true, shape: { "0": 2, "1": 3 }, chunks } });
  const index = await read(bytes);
  const [tensor] = index.kind === "ok" ? index.value.tensors : [];
  expect([tensor?.name, tensor?.shape, tensor?.elements, tensor?.parts.map(({ byteLength }) => byteLength)]).toEqual([
    "w",
    [2, 3],
    6,
    [8, 4, 12],
  ]);
  expect(await normsIn({ checkpoint_3: bytes }, tensor === undefined ? [] : [tensor])).toEqual({ w: 5 });
});

test("what is no array that can be read is listed as such", async () => {
  const index = await read(
    pack({
      text: packArray([2], "str32", new Uint8Array(8)),
      complex: packExt(2, pack([1.5, 2])),
      date: packExt(-1, new Uint8Array(8)),
      raw: packBin(new Uint8Array(3)),
      list: [KERNEL, 1],
    }),
  );
  const value = index.kind === "ok" ? index.value : undefined;
  expect([value?.notRead, value?.tensors.map(({ name }) => name), value?.metadata]).toEqual([
    [
      { name: "text", what: "an array of str32" },
      { name: "complex", what: "a complex number" },
      { name: "date", what: "an extension of type -1" },
      { name: "raw", what: "bytes" },
    ],
    ["list/0"],
    { "list/1": "1" },
  ]);
});

test("a file that is one array is read", async () => {
  const index = await read(KERNEL);
  expect(index.kind === "ok" && index.value.tensors.map(({ name }) => name)).toEqual(["(root)"]);
});

test("a file cut at any byte is incomplete, and says how many bytes it has", async () => {
  const bytes = pack({
    ...(STATE as Record<string, Packed>),
    w: { __msgpack_chunked_array__: true, shape: {}, chunks: { "0": packArray([1], "float32", f32(1)) } },
  });
  expect((await read(bytes)).kind).toBe("ok");
  for (let have = 0; have < bytes.length; have += 1) {
    const outcome = await read(bytes.subarray(0, have));
    expect([outcome.kind, "have" in outcome && outcome.have]).toEqual(["incomplete", have]);
  }
});

test("any changed byte gives an index or a sentence, never an exception", async () => {
  const bytes = pack(STATE);
  for (let at = 0; at < bytes.length; at += 1) {
    for (const value of [0, 0x7f, 0xc1, 0xdf, 0xff]) {
      const outcome = await read(bytes.with(at, value));
      expect(["ok", "incomplete", "malformed"]).toContain(outcome.kind);
    }
  }
});

test("bytes after the tree are a note", async () => {
  const index = await read(concat([pack(STATE), new Uint8Array(3)]));
  expect(index.kind === "ok" && index.value.notes).toEqual([
    "checkpoint_3: 3 bytes follow the end of the tree; they were not read.",
  ]);
});

function nested(depth: number): Uint8Array {
  return concat([...Array.from({ length: depth }, () => Uint8Array.of(0x81, 0xa1, 0x61)), Uint8Array.of(1)]);
}

test.each([
  {
    attack: "a shape that does not fill its bytes",
    tree: { w: packArray([3], "float32", f32(1)) },
    what: "w: float32 of shape [3] does not fill 4 bytes. Save it again.",
  },
  {
    attack: "a shape of more elements than numbers can count",
    tree: { w: packArray([2 ** 50, 2 ** 50], "float32", f32(1)) },
    what: `w: float32 of shape [${2 ** 50}, ${2 ** 50}] does not fill 4 bytes. Save it again.`,
  },
  {
    attack: "a negative size",
    tree: { w: packArray([-1], "float32", f32(1)) },
    what: "w: this array is not a shape, an element type and bytes. The file is damaged.",
  },
  {
    attack: "bytes that end before their array",
    tree: { w: packExt(1, concat([pack([[1], "float32", packBin(f32(1))]), new Uint8Array(5)])) },
    what: "w: its bytes end at 37, but the array at 42. The file is damaged.",
  },
  {
    attack: "a name given twice",
    tree: packMap([
      ["w", KERNEL],
      ["w", KERNEL],
    ]),
    what: "w: listed twice. Save the file again with unique names.",
  },
  {
    attack: "two ways to the same name",
    tree: { "a/b": KERNEL, a: { b: KERNEL } },
    what: "a/b: listed twice. Save the file again with unique names.",
  },
  {
    attack: "a name that is no text",
    tree: Uint8Array.of(0x81, 0xc0, 1),
    what: "A name in a map is no text. The file is damaged, or not one of Flax.",
  },
  {
    attack: "a name that is not UTF-8",
    tree: Uint8Array.of(0x81, 0xa1, 0xff, 1),
    what: "A name or text is not UTF-8. The file is damaged.",
  },
  {
    attack: "a byte that starts no value",
    tree: { w: Uint8Array.of(0xc1) },
    what: "0xc1 starts no value of MessagePack. The file is damaged.",
  },
  {
    attack: "a tree of a thousand levels",
    tree: nested(1000),
    what: "The tree is nested deeper than 200 levels. The file is damaged.",
  },
  {
    attack: "pieces that are less than their shape",
    tree: {
      w: { __msgpack_chunked_array__: true, shape: { "0": 9 }, chunks: { "0": packArray([2], "float32", f32(1, 2)) } },
    },
    what: "w: its pieces do not make up its shape. Save the file again.",
  },
  {
    attack: "pieces of two types",
    tree: {
      w: {
        __msgpack_chunked_array__: true,
        shape: { "0": 3 },
        chunks: { "0": packArray([1], "float32", f32(1)), "1": packArray([2], "bfloat16", f32(1)) },
      },
    },
    what: "w: its pieces do not make up its shape. Save the file again.",
  },
])("$attack is malformed", async ({ tree, what }) => {
  expect(await failure(tree)).toEqual({ kind: "malformed", what });
});

test("a map or a list that promises four billion entries ends with the file", async () => {
  for (const lead of [0xdf, 0xdd]) {
    expect(await failure(Uint8Array.of(lead, 0xff, 0xff, 0xff, 0xff, 0xa1, 0x61, 1))).not.toBe("ok");
  }
});

test("names that every object has are names like others", async () => {
  const index = await read(
    packMap([
      ["__proto__", KERNEL],
      ["constructor", 1],
    ]),
  );
  expect(index.kind === "ok" && [index.value.tensors[0]?.name, index.value.metadata]).toEqual([
    "__proto__",
    { constructor: "1" },
  ]);
});

test.each([
  { file: "checkpoint_3", bytes: pack(STATE) },
  { file: "model.msgpack", bytes: KERNEL },
  { file: "many", bytes: pack(Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`layer${at}`, KERNEL]))) },
])("$file is recognised", async ({ file, bytes }) => {
  const reader = await fileReaderFor(sourceOf(bytes, file));
  expect(reader.kind === "ok" && reader.value.format).toBe("flax");
});
