import { expect, test } from "vitest";
import { evenTicks, formatTick, isAtEdge, linearRange, logRange, logTicks } from "#media/charts/axis.ts";

test.each([
  { min: 1e-3, max: 200, major: [1e-3, 1e-2, 0.1, 1, 10, 100] },
  { min: 0.5, max: 30, major: [1, 10] },
  { min: 0.4, max: 3, major: [0.5, 1, 2] },
  { min: 0.72, max: 0.88, major: [0.75, 0.8, 0.85] },
  { min: 1e-12, max: 1e12, major: [1e-12, 1e-8, 1e-4, 1, 1e4, 1e8, 1e12] },
])("a log axis from $min to $max is labelled at $major", ({ min, max, major }) => {
  expect(logTicks({ min, max }).major).toEqual(major);
});

test("between two decades there are eight minor lines", () => {
  expect(logTicks({ min: 1, max: 10 }).minor).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
});

test("labels within 3 % of the ends would touch the gutters", () => {
  expect([1, 1.1, 10, 91, 99].map((value) => isAtEdge(value, { min: 1, max: 100 }, 0.03))).toEqual([
    true,
    true,
    false,
    true,
    true,
  ]);
});

test.each([
  [0, "0"],
  [1e-8, "1e-8"],
  [1e-3, "1e-3"],
  [2.5e-4, "2.5e-4"],
  [0.01, "0.01"],
  [0.1, "0.1"],
  [1, "1"],
  [10, "10"],
  [1000, "1000"],
  [1e4, "1e4"],
  [-0.30000000000000004, "-0.3"],
])("%d is written %s", (value, text) => {
  expect(formatTick(value)).toBe(text);
});

test.each([
  { what: "nothing positive", low: Infinity, high: -Infinity, range: { min: 0.1, max: 10 } },
  { what: "zero", low: 0, high: 0, range: { min: 0.1, max: 10 } },
])("a log axis of $what is $range", ({ low, high, range }) => {
  expect(logRange(low, high)).toEqual(range);
});

test("a log axis always has room above and below its data, also for one value and for the smallest number", () => {
  const ranges = [logRange(2, 2), logRange(1e-300, 1e300), logRange(5e-324, 1)];
  expect(ranges.map(({ min, max }) => min > 0 && min < max && Number.isFinite(max))).toEqual([true, true, true]);
});

test.each([
  { what: "no data", low: Infinity, high: -Infinity, range: { min: 0, max: 1 } },
  { what: "a constant", low: 4, high: 4, range: { min: 2, max: 6 } },
  { what: "0 to 100", low: 0, high: 100, range: { min: -6, max: 106 } },
])("a linear axis of $what is $range", ({ low, high, range }) => {
  expect(linearRange(low, high)).toEqual(range);
});

test.each([
  { min: 1.9, max: 8.3, wanted: 3, ticks: [2, 4, 6, 8] },
  { min: 0, max: 3.2e-4, wanted: 2, ticks: [0, 2e-4] },
  { min: 5, max: 5, wanted: 3, ticks: [] },
])("about $wanted ticks from $min to $max are $ticks", ({ min, max, wanted, ticks }) => {
  expect(evenTicks({ min, max }, wanted)).toEqual(ticks);
});
