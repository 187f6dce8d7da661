import { expect, test } from "vitest";
import { createCells, fillRow } from "#analysis/layers/cells.ts";
import type { Cells } from "#analysis/layers/cells.ts";
import { fillGroupRow } from "#analysis/layers/squares.ts";
import type { StepGrid } from "#analysis/layers/stepGrid.ts";
import { hasMark } from "#core/cellMarks.ts";
import type { CellMark } from "#core/cellMarks.ts";
import { createRandom } from "../../support/random.ts";
import { samplesOf } from "./samplesOf.ts";

const { NaN: nan } = Number;
const MARKS: readonly CellMark[] = ["nan", "infinite", "zero", "negative", "partial"];

function rowOf(values: readonly (number | undefined)[], grid: StepGrid): Cells {
  const cells = createCells(grid.columns);
  fillRow(cells, 0, samplesOf("w", values), grid);
  return cells;
}

/** A cell for people: its norm, its marks, how many steps. */
function read({ most, marks, steps }: Cells, cell: number): string {
  const norm = Number.isNaN(most[cell]) ? "–" : (10 ** (most[cell] ?? 0)).toFixed(2);
  const found = MARKS.filter((mark) => hasMark(marks[cell] ?? 0, mark));
  return [norm, ...found, steps[cell]].join(" ");
}

test("NaN, infinite, zero, negative and missing values of a cell stay apart", () => {
  const values = [1, nan, Infinity, -Infinity, 0, -1, undefined, 2];
  const grid = { from: 0, width: 1, columns: 8 };
  expect(values.map((_, cell) => read(rowOf(values, grid), cell))).toEqual([
    "1.00 1",
    "– nan 1",
    "– infinite 1",
    "– infinite 1",
    "– zero 1",
    "– negative 1",
    "– 0",
    "2.00 1",
  ]);
});

test("a cell of many steps keeps the largest norm beside what has none", () => {
  const values = [1, nan, 3, 0, undefined, 2, 5, undefined];
  const row = rowOf(values, { from: 0, width: 4, columns: 2 });
  expect([read(row, 0), read(row, 1), row.least[1]]).toEqual(["3.00 nan zero 4", "5.00 2", Math.fround(Math.log10(2))]);
});

test.each([1, 3, 7, 400, 999, 1000])("one spike, NaN and zero among a million steps are in a cell of %i", (columns) => {
  const values = new Float64Array(1e6).fill(1);
  [values[123_456], values[700_001], values[999_999]] = [50, nan, 0];
  const steps = Float64Array.from(values.keys());
  for (const [from, until] of [
    [0, 1e6],
    [123_000, 124_000],
    [123_456, 123_457],
    [650_000, 1e6],
  ] as const) {
    const grid = { from, width: (until - from) / columns, columns };
    const cells = createCells(columns);
    fillRow(cells, 0, { steps, values }, grid);
    const has = (mark: CellMark): boolean => cells.marks.some((marks) => hasMark(marks, mark));
    const isIn = (step: number): boolean => step >= from && step < until;
    expect([cells.most.some((log) => log > 1.6), has("nan"), has("zero")]).toEqual([
      isIn(123_456),
      isIn(700_001),
      isIn(999_999),
    ]);
  }
});

test.each([1, 2, 3])("every step in the grid is in exactly one cell, seed %i", (seed) => {
  const random = createRandom(seed);
  const steps = Float64Array.from({ length: 500 }, () => random.below(10_000) / 7).toSorted();
  const grid = { from: 20, width: (1 + random.below(500)) / 9, columns: 1 + random.below(90) };
  const cells = createCells(grid.columns);
  fillRow(cells, 0, { steps, values: new Float64Array(500).fill(1) }, grid);
  const inside = steps.filter((step) => step >= 20 && Math.floor((step - 20) / grid.width) < grid.columns);
  expect(cells.steps.reduce((sum, count) => sum + count)).toBe(inside.length);
});

test("a group is the root of the sum of squares at each step, and then the largest of a cell", () => {
  const grid = { from: 0, width: 2, columns: 2 };
  const cells = createCells(2);
  // Largest norms of different steps are not added: 3² + 4² at no step.
  fillGroupRow(cells, 0, [samplesOf("a", [3, 0, 5, 1]), samplesOf("b", [0, 4, 12, 1])], grid);
  expect([read(cells, 0), read(cells, 1)]).toEqual(["4.00 2", "13.00 2"]);
});

test("what is not finite in one tensor is so in its group; where one was not measured the norm is a lower bound", () => {
  const grid = { from: 0, width: 1, columns: 6 };
  const cells = createCells(6);
  const tensors = [
    samplesOf("a", [nan, Infinity, 0, 3, 6, undefined]),
    samplesOf("b", [1, 1, 0, undefined, -1, undefined]),
  ];
  fillGroupRow(cells, 0, tensors, grid);
  expect(Array.from({ length: 6 }, (_, cell) => read(cells, cell))).toEqual([
    "– nan 1",
    "– infinite 1",
    "– zero 1",
    "3.00 partial 1",
    "6.00 partial 1",
    "– 0",
  ]);
});

test("tensors that are logged at different steps are added where both are", () => {
  const often = samplesOf("often", [3, 3, 3, 3]);
  const seldom = { steps: Float64Array.of(0, 2, 2), values: Float64Array.of(4, 9, 4) };
  const cells = createCells(4);
  fillGroupRow(cells, 0, [often, seldom], { from: 0, width: 1, columns: 4 });
  expect([0, 1, 2, 3].map((cell) => read(cells, cell))).toEqual([
    "5.00 1",
    "3.00 partial 1",
    "5.00 1",
    "3.00 partial 1",
  ]);
});
