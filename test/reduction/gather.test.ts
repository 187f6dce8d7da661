import { expect, test } from "vitest";

import type { ReadInto } from "#core/byteSource.ts";
import { bitsOf } from "#core/dtype.ts";
import { storedBytes, type TensorPart } from "#core/tensorPart.ts";
import type { ReducibleDType } from "#reduction/engine.ts";
import { reduceTensor } from "#reduction/reduce.ts";

import { createRandom } from "../support/random.ts";
import { onnxEngine, openIn, simdEngine } from "./engines.ts";
import { expectedOf, rowMajor, spanOf, storage, type View, viewOf } from "./views.ts";

const MEBI = 1024 * 1024;
const ENGINES = [await simdEngine(), await onnxEngine()];

type Strided = Pick<View["entry"], "shape"> & { readonly dtype: ReducibleDType; readonly strides: readonly number[] };

function stridedView({ dtype, shape, strides }: Strided, badOneIn: number): View {
  const bytes = storage(createRandom(3), { dtype, elements: spanOf(shape, strides), badOneIn });
  const parts = [{ file: "t", offset: 0, byteLength: bytes.length, strides }];
  return viewOf({ dtype, shape, parts }, bytes, [bytes]);
}

test.each([
  { what: "a transposed matrix of", dtype: "F32", shape: [1500, 1021], strides: [1, 1500] },
  { what: "every second element of", dtype: "BF16", shape: [1_200_000], strides: [2] },
  { what: "every third row of", dtype: "U8", shape: [1500, 1000], strides: [3000, 1] },
  { what: "a few columns of", dtype: "F64", shape: [5000, 3], strides: [100, 1] },
  { what: "a matrix, each row 700 times, of", dtype: "F16", shape: [700, 3, 1024], strides: [0, 1024, 1] },
  { what: "swapped inner dimensions of", dtype: "F32", shape: [7, 50, 40, 30], strides: [60_000, 1, 50, 2000] },
  { what: "elements further apart than a window of", dtype: "C64", shape: [4, 3], strides: [150_000, 49_999] },
  { what: "rows one longer than a window of", dtype: "U8", shape: [3, MEBI + 1], strides: [MEBI + 5, 1] },
  { what: "overlapping windows of", dtype: "F32", shape: [40, 30_000], strides: [7, 1] },
] as const)("$what $dtype is gathered across windows and chunks", async ({ dtype, shape, strides }) => {
  for (const badOneIn of [Infinity, 10_000]) {
    const view = stridedView({ dtype, shape, strides }, badOneIn);
    const expected = expectedOf(view);
    for (const engine of ENGINES) {
      const reduced = await reduceTensor(engine, { entry: view.entry, open: openIn(view.file) });
      const l2 = reduced.kind === "ok" ? reduced.value.l2 : 0;
      const isSame = Math.abs(l2 / expected.l2 - 1) < 1e-7;
      expect(reduced).toEqual({ kind: "ok", value: { ...expected, l2: isSame ? l2 : expected.l2 } });
    }
  }
});

test("no byte is read twice, and none past the last element, where elements do not overlap", async () => {
  const view = stridedView({ dtype: "F32", shape: [30, 20, 700], strides: [14_007, 700, 1] }, Infinity);
  let [end, bytes] = [0, 0];
  const open = (part: TensorPart) => async (target: Uint8Array, offset: number) => {
    expect(offset).toBeGreaterThanOrEqual(end);
    end = offset + target.length;
    bytes += target.length;
    await openIn(view.file)(part)(target, offset);
  };
  const [engine = await simdEngine()] = ENGINES;
  await reduceTensor(engine, { entry: view.entry, open });
  expect(end).toBe(storedBytes(view.entry));
  expect(bytes).toBeLessThanOrEqual(end);
});

test("a tensor cut into boxes that lie in several files is one tensor", async () => {
  const shape = [300, 200];
  const bytes = storage(createRandom(5), { dtype: "F32", elements: 60_000, badOneIn: 20_000 });
  const size = bitsOf("F32") / 8;
  const quarters = [0, 150].flatMap((row) => [0, 100].map((column) => [row, column] as const)).toReversed();
  const pieces = quarters.map(([row, column]) => {
    const piece = new Uint8Array(150 * 100 * size);
    for (let line = 0; line < 150; line += 1) {
      const from = ((row + line) * 200 + column) * size;
      piece.set(bytes.subarray(from, from + 100 * size), line * 100 * size);
    }
    return piece;
  });
  const parts = quarters.map(([row, column], at) => {
    return { file: `${at}`, offset: 0, byteLength: 60_000, box: { start: [row, column], shape: [150, 100] } };
  });
  const cut = viewOf({ dtype: "F32", shape, parts }, new Uint8Array(), pieces);
  const whole = viewOf(
    { dtype: "F32", shape, parts: [{ file: "t", offset: 0, byteLength: bytes.length, strides: rowMajor(shape) }] },
    bytes,
    [bytes],
  );
  const expected = expectedOf(whole);
  expect(expectedOf(cut)).toEqual(expected);
  for (const engine of ENGINES) {
    const open = (part: TensorPart): ReadInto => openIn(pieces[Number(part.file)] ?? bytes)(part);
    expect(await reduceTensor(engine, { entry: cut.entry, open })).toEqual({ kind: "ok", value: expected });
  }
});
