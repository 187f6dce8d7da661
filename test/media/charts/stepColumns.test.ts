import { expect, test } from "vitest";
import { stepsIn, valueAt } from "#media/charts/stepColumns.ts";
import { roundTicks } from "#media/charts/horizontal.ts";

function column(name: string, steps: readonly number[], values: readonly number[]): Parameters<typeof valueAt>[0] {
  return { name, points: { steps: Float64Array.from(steps), values: Float64Array.from(values) } };
}

const NORM = column("norm", [1, 2, 4, 8], [0, Number.NaN, 3, 4]);
const LOSS = column("loss", [2, 3, 8, 9], [5, 6, 7, 8]);

test.each([
  { range: { min: 2, max: 8 }, columns: [NORM, LOSS], steps: [2, 3, 4, 8] },
  { range: { min: 2.5, max: 7.5 }, columns: [NORM, LOSS], steps: [3, 4] },
  { range: { min: 0, max: 99 }, columns: [NORM], steps: [1, 2, 4, 8] },
  { range: { min: 10, max: 99 }, columns: [NORM, LOSS], steps: [] },
  { range: { min: 0, max: 99 }, columns: [], steps: [] },
])("steps from $range.min to $range.max of $columns.length columns are $steps", ({ range, columns, steps }) => {
  expect(Array.from(stepsIn(columns, range))).toEqual(steps);
});

test("a value is that of its own step: zero and NaN are values, a step that is not logged has none", () => {
  expect([1, 2, 3, 4].map((step) => valueAt(NORM, step))).toEqual([0, Number.NaN, undefined, 3]);
});

test.each([
  { unit: "time", min: 0, max: 36_000, ticks: [0, 7200, 14_400, 21_600, 28_800, 36_000] },
  { unit: "time", min: 70, max: 250, ticks: [120, 180, 240] },
  { unit: "step", min: 0, max: 100, ticks: [0, 20, 40, 60, 80, 100] },
  { unit: "step", min: 1, max: 3, ticks: [1, 2, 3] },
  { unit: "step", min: 0.5, max: 1.5, ticks: [1] },
  { unit: "tokens", min: 7, max: 11, ticks: [7, 8, 9, 10, 11] },
  { unit: "step", min: 0.2, max: 0.65, ticks: [0.2, 0.3, 0.4, 0.5, 0.6] },
] as const)("from $min to $max by $unit the axis says $ticks", ({ unit, min, max, ticks }) => {
  expect(roundTicks(unit, { min, max }, 5)).toEqual(ticks);
});
