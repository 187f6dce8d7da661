import { expect, test } from "vitest";
import { markRuns, offScale } from "#media/charts/gutters.ts";

test("NaN and ±Inf, zero, and negative values each go to their own strip, and none is lost", () => {
  const values = Float64Array.of(1, Number.NaN, 0, -1, Infinity, -Infinity, -0, 5e-324);
  const off = offScale({ steps: values.map((_, index) => index), values });
  expect({ ...off }).toEqual({
    nonFinite: Float64Array.of(1, 4, 5),
    zero: Float64Array.of(2, 6),
    negative: Float64Array.of(3),
  });
});

test.each([
  {
    what: "far apart marks stay single",
    steps: [0, 50, 99],
    gap: 10,
    runs: [
      [0, 0, 1],
      [50, 50, 1],
      [99, 99, 1],
    ],
  },
  {
    what: "close marks become one run",
    steps: [10, 15, 20, 60],
    gap: 5,
    runs: [
      [10, 20, 3],
      [60, 60, 1],
    ],
  },
  {
    what: "marks outside the window are not drawn",
    steps: [-5, 0, 100, 101],
    gap: 1,
    runs: [
      [0, 0, 1],
      [100, 100, 1],
    ],
  },
  { what: "no marks give no runs", steps: [], gap: 1, runs: [] },
])("$what", ({ steps, gap, runs }) => {
  const found = markRuns(Float64Array.from(steps), { min: 0, max: 100, gap });
  expect(found.map(({ first, last, count }) => [first, last, count])).toEqual(runs);
});
