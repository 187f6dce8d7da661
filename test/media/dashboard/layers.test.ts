import { expect, test } from "vitest";
import { CELL_MARKS } from "#core/cellMarks.ts";
import { createAsker } from "#media/dashboard/tensors/asker.ts";
import type { CellRow } from "#media/dashboard/tensors/cellRows.ts";
import { createCellRows } from "#media/dashboard/tensors/cellRows.ts";
import { describeColumn, describeNorm } from "#media/dashboard/tensors/describeCell.ts";
import { paintRow } from "#media/dashboard/tensors/paintRow.ts";
import type { Palette } from "#media/dashboard/tensors/paintRow.ts";
import { createPixelRow, toPixels } from "#media/dashboard/tensors/pixelRow.ts";
import { columnAround, gridOf } from "#media/dashboard/tensors/place.ts";
import { createRowFilter } from "#media/dashboard/tensors/rowFilter.ts";
import { shownRows, toggleFold } from "#media/dashboard/tensors/rows.ts";
import { parseLayersState, storedLayersState } from "#media/dashboard/tensors/tabState.ts";
import type { FromTensors } from "#protocol/dashboard/tensors.ts";

const { NaN: nan } = Number;

function cellsOf(norms: readonly number[], marks: readonly number[] = [], from = 0): CellRow {
  return {
    grid: { from, width: 1, columns: norms.length },
    most: Float32Array.from(norms),
    least: Float32Array.from(norms),
    marks: Uint8Array.from(norms, (_, index) => marks[index] ?? 0),
    steps: Uint32Array.from(norms, (norm, index) => (Number.isNaN(norm) && (marks[index] ?? 0) === 0 ? 0 : 1)),
  };
}

/** A row as it is painted: `.` for ground, a digit for a shade, `x` for hatching, `o` for zero. */
function picture(cells: CellRow, width: number, height: number): string[] {
  const place = { left: 0, width, range: { min: 0, max: width } };
  const palette: Palette = {
    shades: Uint32Array.from({ length: 10 }, (_, shade) => shade),
    nonFinite: 10,
    zero: 11,
    background: 12,
  };
  const row = createPixelRow(width);
  toPixels(row, cells, place);
  const pixels = new Uint32Array(width * height).fill(12);
  paintRow({ pixels, width, top: 0, height }, row, palette, { low: 0, high: 9 });
  return Array.from({ length: height }, (_, y) =>
    Array.from(pixels.subarray(y * width, (y + 1) * width), (pixel) => "0123456789xo."[pixel]).join(""),
  );
}

test("norms are shades, beyond the scale its ends; NaN is hatched, zero outlined, what was not measured blank", () => {
  const { nan: broken, zero } = CELL_MARKS;
  const cells = cellsOf([0, 5, 99, -3, nan, nan, nan, nan, nan, 4], [0, 0, 0, 0, broken, 0, zero, zero, zero, zero]);
  expect(picture(cells, 10, 4)).toEqual(
    ["0590..ooo4", "0590x.o.o4", "0590x.o.o4", "0590x.oooo"].map((line, y) => hatched(line, y)),
  );
});

/** Column 4 is hatched by diagonals of three pixels. */
function hatched(line: string, y: number): string {
  return `${line.slice(0, 4)}${(4 + y) % 6 < 3 ? "x" : "."}${line.slice(5)}`;
}

test("of several cells in a pixel the largest norm and every mark remain", () => {
  const norms = Array.from({ length: 1000 }, (_, index) => (index === 777 ? 9 : index === 300 ? nan : 1));
  const marks = norms.map((norm) => (Number.isNaN(norm) ? CELL_MARKS.nan : 0));
  const row = createPixelRow(10);
  toPixels(row, cellsOf(norms, marks), { left: 0, width: 10, range: { min: 0, max: 1000 } });
  expect([Array.from(row.most), Array.from(row.marks)]).toEqual([
    [1, 1, 1, 1, 1, 1, 1, 9, 1, 1],
    [0, 0, 0, CELL_MARKS.nan, 0, 0, 0, 0, 0, 0],
  ]);
});

test.each([
  [1, 1000, 1, 400],
  [1, 1_000_000, 1, 817],
  [100.5, 103.25, 1, 640],
  [0, 90, 10, 300],
])(
  "the columns of steps %d to %d hold both, each a pixel or more and a sample or more",
  (min, max, interval, width) => {
    const grid = gridOf({ left: 0, width, range: { min, max } }, 0, interval);
    const pixel = (max - min) / width;
    expect([grid.from <= min, grid.from + grid.width * grid.columns > max]).toEqual([true, true]);
    expect(grid.width >= Math.max(pixel, interval)).toBe(true);
    expect(grid.width).toBeLessThanOrEqual(Math.max(pixel, interval) * 1.001);
  },
);

test("where samples are wider than pixels, each stands in the middle of its column", () => {
  const grid = gridOf({ left: 0, width: 500, range: { min: 12, max: 88 } }, 5, 10);
  expect(columnAround(grid, 45)).toEqual({ min: 40, max: 50 });
});

test("a cell in words", () => {
  const { nan: broken, zero, partial } = CELL_MARKS;
  const cells = {
    ...cellsOf([1, nan, nan, nan, 2], [broken | zero, zero, broken, 0, partial]),
    steps: Uint32Array.of(40, 1, 2, 0, 1),
  };
  expect([0, 1, 2, 3, 4].map((cell) => describeNorm(cells, cell))).toEqual([
    "10 (max of 40 steps), NaN and zero among them",
    "zero",
    "NaN (2 steps)",
    "not measured",
    "100, not all tensors measured",
  ]);
  expect([
    describeColumn({ from: 200, width: 40, columns: 9 }, 215, undefined),
    describeColumn({ from: 0.5, width: 1, columns: 9 }, 3, undefined),
  ]).toEqual(["steps 200–239", "step 3"]);
});

const OUTLINE = [
  { name: "embed", tensors: ["embed.weight"] },
  { name: "h.0", tensors: ["h.0.attn.weight", "h.0.mlp.weight"] },
  { name: "h.1", tensors: ["h.1.attn.weight", "h.1.mlp.weight"] },
];
const NO_FILTER = { text: "", keeps: () => true };

test("folded blocks are one row, and a block of one tensor is that tensor", () => {
  const folds = toggleFold({ areAllFolded: true, except: new Set() }, "h.1");
  expect(shownRows(OUTLINE, folds, NO_FILTER).map(({ label }) => label)).toEqual([
    "embed.weight",
    "h.0 (2)",
    "h.1 (2)",
    "attn.weight",
    "mlp.weight",
  ]);
});

test("a filter unfolds what it keeps", () => {
  const filter = { text: "mlp", keeps: createRowFilter("mlp") };
  expect(shownRows(OUTLINE, { areAllFolded: true, except: new Set() }, filter).map(({ label }) => label)).toEqual([
    "h.0 (1 of 2)",
    "mlp.weight",
    "h.1 (1 of 2)",
    "mlp.weight",
  ]);
});

test.each([
  ["h.*.attn", ["h.0.attn"]],
  ["/^h\\.\\d+/", ["h.0.attn", "h.10.mlp"]],
  ["/mlp|wte", ["h.10.mlp", "wte"]],
  ["/(", ["h.0.attn", "h.10.mlp", "wte"]],
])("the filter %s", (text, expected) => {
  const keeps = createRowFilter(text);
  expect(["h.0.attn", "h.10.mlp", "wte"].filter((name) => keeps(name))).toEqual(expected);
});

test("one question of a channel is on its way at a time, then the newest; an old answer is dropped", () => {
  const sent: FromTensors[] = [];
  const got: number[] = [];
  const asker = createAsker((request) => sent.push(request));
  const ask = (knownTensors: number): void => {
    asker.ask("outline", {
      request: (id) => ({ kind: "outline", id, knownTensors }),
      receive: () => got.push(knownTensors),
    });
  };
  const answer = (id: number): void => {
    const shares = Float32Array.of();
    asker.receive({
      kind: "shares",
      id,
      grid: { from: 0, width: 1, columns: 0 },
      names: [],
      shares,
      steps: Float64Array.of(),
      broken: Uint8Array.of(),
    });
  };
  ask(1);
  ask(2);
  ask(3);
  answer(1);
  expect([sent.map(({ id }) => id), got]).toEqual([[1, 2], [1]]);
  asker.reset();
  answer(2);
  ask(4);
  answer(3);
  expect([sent.length, got]).toEqual([3, [1, 4]]);
});

test("cells are fresh until the run grows or the columns change, and stay until newer ones come", () => {
  const cells = createCellRows();
  const row = { kind: "tensor", name: "w" } as const;
  const one = cellsOf([1, 2]);
  cells.add({
    kind: "cells",
    id: 1,
    rows: [row],
    ...one,
    most: Float32Array.of(1, 2),
    least: Float32Array.of(1, 2),
    marks: Uint8Array.of(0, 0),
    steps: Uint32Array.of(1, 1),
  });
  const other = { ...one.grid, from: 5 };
  expect([cells.isFresh(row, one.grid), cells.isFresh(row, other)]).toEqual([true, false]);
  cells.age();
  expect([cells.isFresh(row, one.grid), cells.get(row)?.most[1]]).toEqual([false, 2]);
});

test("the state of the tab is what was stored, and another program's counts as none", () => {
  const state = {
    filter: "mlp",
    mode: "change",
    rowHeight: 6,
    folds: { areAllFolded: true, except: new Set(["h.1"]) },
  } as const;
  const stored: unknown = JSON.parse(JSON.stringify(storedLayersState(state)));
  expect([parseLayersState(stored), parseLayersState({ filter: 3, folds: [], rowHeight: 5 })]).toEqual([
    state,
    { filter: "", mode: "norm", rowHeight: 18, folds: undefined },
  ]);
});
