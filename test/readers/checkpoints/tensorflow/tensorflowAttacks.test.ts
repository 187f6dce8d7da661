import { expect, test } from "vitest";

import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { elementsOf } from "#core/tensorPart.ts";
import { uncompressSnappy } from "#readers/checkpoints/tensorflow/snappy.ts";
import { sliceKey } from "#readers/checkpoints/tensorflow/slices.ts";
import { tensorflow } from "#readers/checkpoints/tensorflow/tensorflow.ts";

import { folderOf } from "../../../support/folderSource.ts";
import { message, varint, varintField } from "../../../support/protobuf.ts";
import { bytesOf, concat, sourceOf } from "../../../support/safetensors.ts";
import {
  BUNDLE_HEADER,
  slicesField,
  tableBlock,
  tableFile,
  tensorflowBundle,
  type TestVariable,
  withTrailer,
} from "../../../support/tensorflow.ts";

const F345 = bytesOf(Float32Array.of(3, -4));
const W: TestVariable = { type: 1, shape: [2], data: F345 };

test.each<{ fault: string; variables: Readonly<Record<string, TestVariable>>; header?: Uint8Array }>([
  { fault: "is in data file 1 of 1", variables: { w: { ...W, more: [varintField(3, 1)] } } },
  { fault: "takes 8 bytes, but the index says 4", variables: { w: { ...W, more: [varintField(5, 4)] } } },
  { fault: "takes 12 bytes, but the index says 8", variables: { w: { ...W, shape: [3] } } },
  { fault: "has more than 2^53 bits", variables: { w: { ...W, shape: [2 ** 30, 2 ** 30] } } },
  { fault: "its entry in the index is damaged", variables: { w: { ...W, shape: [-1] } } },
  { fault: "its entry in the index is damaged", variables: { w: { ...W, more: [varintField(4, 2n ** 60n)] } } },
  { fault: "its entry in the index is damaged", variables: { w: { ...W, more: [Uint8Array.of(0x07)] } } },
  {
    fault: "its entry in the index is damaged",
    variables: { w: { ...W, shape: Array.from({ length: 65 }, () => 1) } },
  },
  { fault: "says there are 0 data files", variables: {}, header: varintField(2, 0) },
  { fault: "says there are 20001 data files", variables: {}, header: varintField(1, 20_001) },
  {
    fault: "its variables take 16",
    variables: { a: W, b: { ...W, data: F345.subarray(8), more: [varintField(4, 0), varintField(5, 8)] } },
  },
])("a checkpoint that $fault is malformed", async ({ fault, variables, header = BUNDLE_HEADER }) => {
  const { index, data } = tensorflowBundle({ variables, header });
  const outcome = await read(index, data);
  expect(outcome.kind === "malformed" && outcome.what).toContain(fault);
});

const HALF: TestVariable = { type: 1, shape: [1], data: F345.subarray(4) };

test.each<{
  fault: string;
  slices: readonly (readonly [number, number])[];
  pieces: readonly (readonly [number, number])[];
  piece?: TestVariable;
}>([
  { fault: "do not cover it", slices: [[0, 1]], pieces: [[0, 1]] },
  {
    fault: "do not cover it",
    slices: [
      [0, 1],
      [0, 1],
    ],
    pieces: [[0, 1]],
  },
  {
    fault: "do not cover it",
    slices: [
      [0, 1],
      [2, 1],
    ],
    pieces: [[0, 1]],
  },
  {
    fault: "lacks a piece",
    slices: [
      [0, 1],
      [1, 1],
    ],
    pieces: [[0, 1]],
  },
  {
    fault: "or has another shape",
    slices: [
      [0, 1],
      [1, 1],
    ],
    pieces: [
      [0, 1],
      [1, 1],
    ],
    piece: { ...HALF, type: 3 },
  },
  {
    fault: "or has another shape",
    slices: [
      [0, 1],
      [1, 1],
    ],
    pieces: [
      [0, 1],
      [1, 1],
    ],
    piece: { ...W, shape: [2] },
  },
])("a variable whose pieces $fault is malformed: $slices", async ({ fault, slices, pieces, piece = HALF }) => {
  const own = pieces.map(([start, length]) => [sliceKey("w", [{ start, length }]), piece] as const);
  const parent = { type: 1, shape: [2], more: slicesField(...slices.map((slice) => [slice])) };
  const { index, data } = tensorflowBundle({ variables: { ...Object.fromEntries(own), w: parent } });
  const outcome = await read(index, data);
  expect(outcome.kind === "malformed" && outcome.what).toContain(fault);
});

test("boxes in two dimensions may not overlap either", async () => {
  const boxes = [
    [
      [0, 2],
      [0, 1],
    ],
    [
      [0, 1],
      [1, 1],
    ],
    [
      [0, 1],
      [1, 1],
    ],
  ] as const;
  const pieces = boxes.map((box) => {
    const shape = box.map(([, length]) => length);
    const data = new Uint8Array(4 * elementsOf(shape));
    return [
      sliceKey(
        "w",
        box.map(([start, length]) => ({ start, length })),
      ),
      { type: 1, shape, data },
    ] as const;
  });
  const { index, data } = tensorflowBundle({
    variables: { ...Object.fromEntries(pieces), w: { type: 1, shape: [2, 2], more: slicesField(...boxes) } },
  });
  expect((await read(index, data)).kind).toBe("malformed");
});

test("a data file that is too short is incomplete", async () => {
  const { index, data } = tensorflowBundle({ variables: { w: W } });
  expect(await read(index, data.subarray(0, 7))).toEqual({ kind: "incomplete", have: 7, need: 8 });
});

test("an index cut off anywhere is incomplete, and one with any byte changed gives an outcome", async () => {
  const { index, data } = tensorflowBundle({ variables: { w: W, v: W }, perBlock: 2 });
  for (let length = 0; length < index.length; length += 1) {
    expect([length, (await read(index.subarray(0, length), data)).kind]).toEqual([length, "incomplete"]);
  }
  for (let at = 0; at < index.length; at += 1) {
    const changed = index.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x81;
    expect((await read(changed, data)).kind).toMatch(/^(ok|incomplete|malformed|unsupported)$/);
  }
});

const ROW = ["", BUNDLE_HEADER] as const;

test.each([
  { fault: "no handles", table: withFooter([], new Uint8Array(40).fill(0xff)) },
  { fault: "but the file has", table: withFooter([], handles([0, 0], [0, 1000])) },
  {
    fault: "does not have its checksum",
    table: withFooter([concat([tableBlock([]), new Uint8Array(5)])], handles([0, 0], [0, 8])),
  },
  { fault: "cannot be decompressed", table: withFooter([withTrailer(tableBlock([]), 2)], handles([0, 0], [0, 8])) },
  {
    fault: "cannot be decompressed",
    table: withFooter([withTrailer(Uint8Array.of(255, 255, 255, 255, 15, 0, 0, 0), 1)], handles([0, 0], [0, 8])),
  },
  {
    fault: "no list of restarts",
    table: withFooter([withTrailer(Uint8Array.of(9, 0, 0, 0), 0)], handles([0, 0], [0, 4])),
  },
  { fault: "does not fit its block", table: withFooter([withTrailer(entry(1, 0, 0), 0)], handles([0, 0], [0, 11])) },
  { fault: "does not fit its block", table: withFooter([withTrailer(entry(0, 100, 0), 0)], handles([0, 0], [0, 11])) },
  { fault: "does not fit its block", table: withFooter([withTrailer(entry(0, 0, 100), 0)], handles([0, 0], [0, 11])) },
  { fault: "Two blocks of the table lie in the same place", table: loop() },
  {
    fault: "list of blocks is damaged",
    table: withFooter([withTrailer(tableBlock([["k", Uint8Array.of(255)]]), 0)], handles([0, 0], [0, 13])),
  },
  { fault: "keys of the table do not ascend", table: tableFile([ROW, ["b", F345], ["a", F345]]) },
  { fault: "keys of the table do not ascend", table: tableFile([ROW, ["a", F345], ["a", F345]]) },
])("a table with this fault is malformed: $fault", async ({ fault, table }) => {
  const outcome = await read(table, F345);
  expect(outcome.kind === "malformed" && outcome.what).toContain(fault);
});

test("a table that is not TensorFlow's is unsupported", async () => {
  expect(await read(tableFile([["key", F345]]), F345)).toEqual({
    kind: "unsupported",
    what: "This table has no header of TensorFlow's; it is some other program's.",
  });
});

test("thirty thousand variables are all listed", async () => {
  const names = Array.from({ length: 30_000 }, (_, at) => `model/layer_${at}/kernel`);
  const { index, data } = tensorflowBundle({
    variables: Object.fromEntries(names.map((name) => [name, W])),
    perBlock: 4000,
  });
  const outcome = await read(index, data);
  expect(outcome.kind === "ok" ? outcome.value.tensors.length : outcome).toBe(30_000);
});

test("Snappy repeats what it has written, from near and far", () => {
  const text = new TextEncoder().encode("abcabcabcabcab abc");
  const copies = Uint8Array.of(18, 2 << 2, 97, 98, 99, ((11 - 4) << 2) | 1, 3, 0, 32, (2 << 2) | 2, 15, 0);
  expect(uncompressSnappy(copies, 100)).toEqual(text);
});

test.each([
  { fault: "a length that is too large", bytes: [101, 0] },
  { fault: "no length", bytes: [255] },
  { fault: "fewer bytes than it says", bytes: [4, 0, 97] },
  { fault: "more bytes than it says", bytes: [1, 1 << 2, 97, 98] },
  { fault: "a literal past the end", bytes: [9, 8 << 2, 97] },
  { fault: "a copy from before the start", bytes: [9, 0, 97, (7 << 2) | 2, 2, 0] },
  { fault: "a copy of distance 0", bytes: [9, 0, 97, (7 << 2) | 2, 0, 0] },
  { fault: "a copy that is cut off", bytes: [9, 0, 97, (7 << 2) | 3] },
])("Snappy with $fault is refused", ({ bytes }) => {
  expect(uncompressSnappy(Uint8Array.from(bytes), 100)).toBeUndefined();
});

/** One entry of these sizes, and restarts. */
function entry(shared: number, unshared: number, length: number): Uint8Array {
  return Uint8Array.of(shared, unshared, length, 0, 0, 0, 0, 1, 0, 0, 0);
}

function handles(...places: readonly (readonly [number, number])[]): Uint8Array {
  return concat(places.flatMap(([offset, size]) => [varint(offset), varint(size)]));
}

function withFooter(blocks: readonly Uint8Array[], start: Uint8Array): Uint8Array {
  const footer = new Uint8Array(48);
  footer.set(start);
  footer.set([0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb], 40);
  return concat([...blocks, footer]);
}

/** The list of blocks names the same block twice. */
function loop(): Uint8Array {
  const block = withTrailer(tableBlock([ROW]), 0);
  const handle = handles([0, block.length - 5]);
  const list = withTrailer(
    tableBlock([
      ["a", handle],
      ["b", handle],
    ]),
    0,
  );
  return withFooter([block, list], handles([0, 0], [block.length, list.length - 5]));
}

async function read(index: Uint8Array, data: Uint8Array): Promise<Outcome<CheckpointIndex>> {
  const folder = folderOf({ "c.data-00000-of-00001": data });
  return tensorflow.readIndex(sourceOf(message(index), "c.index"), folder);
}
