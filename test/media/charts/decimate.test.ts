import { expect, test } from "vitest";
import { decimate, LOWEST_ON_LINEAR, LOWEST_ON_LOG } from "#media/charts/decimate.ts";
import type { Points } from "#media/charts/segments.ts";

/** The same "noise" in every run. */
function noise(length: number): Points {
  const steps = Float64Array.from({ length }, (_, index) => index);
  const values = steps.map((step) => 1 + 0.5 * Math.sin(step * 12.9898) + 0.3 * Math.sin(step * 78.233));
  return { steps, values };
}

function drawnBetween(points: Points, from: number, to: number): number[] {
  return Array.from(points.values).filter((_, i) => (points.steps[i] ?? -1) >= from && (points.steps[i] ?? -1) < to);
}

test("every pixel column keeps its smallest and its largest value, its first and its last", () => {
  const points = noise(10_000);
  const columns = 100;
  const drawn = decimate(points, { min: 0, max: 10_000, columns }, LOWEST_ON_LOG);
  const lost = Array.from({ length: columns }, (_, column) => column).filter((column) => {
    const all = drawnBetween(points, column * 100, column * 100 + 100);
    const kept = drawnBetween(drawn, column * 100, column * 100 + 100);
    const isSame = Math.min(...all) === Math.min(...kept) && Math.max(...all) === Math.max(...kept);
    return !isSame || all[0] !== kept[0] || all.at(-1) !== kept.at(-1);
  });
  expect(lost).toEqual([]);
});

test("a spike in the column after a bigger one survives", () => {
  const points = noise(10_000);
  points.values[499] = 50;
  points.values[500] = 10;
  const drawn = decimate(points, { min: 0, max: 10_000, columns: 100 }, LOWEST_ON_LOG);
  expect(Array.from(drawn.values).filter((value) => value >= 10)).toEqual([50, 10]);
});

test("a million points become at most six per pixel column", () => {
  const drawn = decimate(noise(1_000_000), { min: 0, max: 999_999, columns: 800 }, LOWEST_ON_LOG);
  expect(drawn.steps.length).toBeLessThanOrEqual(6 * 802);
});

test("steps stay in order", () => {
  const { steps } = decimate(noise(50_000), { min: 123.4, max: 43_210.9, columns: 333 }, LOWEST_ON_LOG);
  expect(Array.from(steps)).toEqual(Array.from(steps).toSorted((a, b) => a - b));
});

test("few points are drawn as they are, with what a log axis cannot show as interruptions", () => {
  const steps = Float64Array.of(1, 2, 3, 4, 5, 6);
  const values = Float64Array.of(1, 0, 2, Number.NaN, 3, Infinity);
  const { values: drawn, low, high } = decimate({ steps, values }, { min: 1, max: 6, columns: 100 }, LOWEST_ON_LOG);
  expect({ drawn: Array.from(drawn), low, high }).toEqual({
    drawn: [1, Number.NaN, 2, Number.NaN, 3, Number.NaN],
    low: 1,
    high: 3,
  });
});

test("a linear axis shows zero and negative values", () => {
  const points = { steps: Float64Array.of(1, 2, 3), values: Float64Array.of(-1, 0, 1) };
  const drawn = decimate(points, { min: 1, max: 3, columns: 10 }, LOWEST_ON_LINEAR);
  expect(Array.from(drawn.values)).toEqual([-1, 0, 1]);
});

test("a stretch of NaN wider than a column interrupts the line", () => {
  const points = noise(10_000);
  points.values.fill(Number.NaN, 3000, 3500);
  const drawn = decimate(points, { min: 0, max: 10_000, columns: 100 }, LOWEST_ON_LOG);
  const inside = drawnBetween(drawn, 3000, 3500);
  expect(inside.length > 0 && inside.every(Number.isNaN)).toBe(true);
});

test("the neighbours outside the window are kept, so that the line reaches its edges", () => {
  const { steps } = decimate(noise(100), { min: 10.5, max: 20.5, columns: 400 }, LOWEST_ON_LOG);
  expect([steps[0], steps.at(-1)]).toEqual([10, 22]);
});

test.each([
  { what: "no points", length: 0 },
  { what: "a window after the last point", length: 5 },
])("$what: nothing has a range", ({ length }) => {
  const drawn = decimate(noise(length), { min: 1000, max: 2000, columns: 10 }, Number.MAX_VALUE);
  expect({ low: drawn.low, high: drawn.high }).toEqual({ low: Infinity, high: -Infinity });
});
