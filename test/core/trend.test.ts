import { expect, test } from "vitest";
import { kendallTau, theilSenSlope } from "#core/trend.ts";
import { createNoise } from "../support/norms.ts";

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

test("the slope of 20 values is at most a sixth of their range, so values that are close together do not rise much", () => {
  const noise = createNoise(9);
  const places = Array.from({ length: 20 }, (_, place) => place);
  const walks = [0.2, 1, 5].map((jitter) => (place: number) => place + jitter * noise());
  const sawteeth = [2, 3, 5, 6, 7, 10].map((length) => (place: number) => place % length);
  const stairs = [2, 4, 6, 7, 10].map((length) => (place: number) => Math.floor(place / length));
  for (const shape of [...walks, ...sawteeth, ...stairs]) {
    const values = places.map(shape);
    const range = Math.max(...values) - Math.min(...values);
    expect(theilSenSlope(places, values)).toBeLessThanOrEqual(range / 6);
  }
});
