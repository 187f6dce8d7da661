import { expect, test } from "vitest";
import { kendallTau, theilSenSlope } from "#core/trend.ts";

test.each([
  { what: "a straight line", values: [1, 3, 5, 7], tau: 1, slope: 2 },
  { what: "a falling line", values: [4, 3, 2], tau: -1, slope: -1 },
  { what: "a line with one outlier", values: [0, 1, 2, 100, 4, 5, 6], tau: (18 - 3) / 21, slope: 1 },
  { what: "a constant", values: [5, 5, 5], tau: 0, slope: 0 },
  { what: "one value", values: [1], tau: Number.NaN, slope: undefined },
])("$what has τ $tau and slope $slope", ({ values, tau, slope }) => {
  expect([kendallTau(values), theilSenSlope([...values.keys()], values)]).toEqual([tau, slope]);
});

test("the places of the points count, and equal places make no pair", () => {
  expect(theilSenSlope([0, 10, 10, 30], [0, 1, 3, 3])).toBe(0.1);
});
