import { expect, test } from "vitest";
import { stepAxis } from "#analysis/stepAxis.ts";

const { NaN: nan } = Number;

test("an axis of time leaves out what a restart repeats, what is missing and what goes back", () => {
  const axis = stepAxis([1, 2, 3, 2, 3, 4, 5], [10, 20, 30, 50, nan, 45, 80]);
  expect(axis).toEqual({ steps: Float64Array.of(1, 2, 5), values: Float64Array.of(10, 50, 80) });
  expect(stepAxis([1, 2], [nan, 3])).toBe(undefined);
});
