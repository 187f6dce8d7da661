import { expect, test } from "vitest";
import { createBlocks } from "#media/charts/blocks.ts";
import { decimate, LOWEST_ON_LOG } from "#media/charts/decimate.ts";
import { formatPlace, horizontalBy } from "#media/charts/horizontal.ts";
import { createCurve } from "#media/charts/segments.ts";
import { smooth } from "#media/charts/smooth.ts";
import { parseTimelineState } from "#media/dashboard/timeline/timelineState.ts";

const { NaN: nan } = Number;

test("between known places an axis is straight, and there is a way back", () => {
  const axis = horizontalBy("time", { steps: Float64Array.of(0, 10, 20), values: Float64Array.of(0, 100, 400) });
  expect([0, 5, 15, 20, 25].map(axis.fromStep)).toEqual([0, 50, 250, 400, 550]);
  expect([0, 50, 250, 400, 550].map(axis.toStep)).toEqual([0, 5, 15, 20, 25]);
});

test.each([
  ["step", 12_000, "12,000"],
  ["time", 45, "45 s"],
  ["time", 750, "12:30 min"],
  ["time", 3 * 3600 + 300, "3:05 h"],
  ["time", 52 * 3600, "2 d 4 h"],
  ["tokens", 1.5e9, "1.5B"],
] as const)("%s %d reads %s", (unit, value, text) => {
  expect(formatPlace(unit, value)).toBe(text);
});

test("smoothing averages logarithms, starts at the first value, and leaves gaps where nothing can be averaged", () => {
  const steps = Float64Array.of(0, 1, 2, 3);
  const { values } = smooth({ steps, values: Float64Array.of(1, nan, 100, 0) }, 0.5, true);
  // Weights 1 and 2 of ln 1 and ln 100, since what is older counts half.
  expect([values[0], values[1], values[3]]).toEqual([1, nan, nan]);
  expect(values[2]).toBeCloseTo(100 ** (2 / 3), 9);
});

test("a picture made with blocks is the picture made without, at every window", () => {
  const length = 5000;
  const steps = Float64Array.from({ length }, (_, index) => index);
  const values = steps.map((step) => (step % 611 === 0 ? nan : step % 509 === 0 ? 0 : 2 + Math.sin(step * step)));
  const blocks = createBlocks(LOWEST_ON_LOG);
  blocks.grow(values);
  for (const window of [
    { min: 0, max: 4999, columns: 20 },
    { min: 17, max: 3333, columns: 7 },
    { min: 1000, max: 1900, columns: 50 },
  ]) {
    expect(decimate({ steps, values, blocks }, window, LOWEST_ON_LOG)).toEqual(
      decimate({ steps, values }, window, LOWEST_ON_LOG),
    );
  }
});

test("a curve that goes back has blocks of what counts now", () => {
  const curve = createCurve(LOWEST_ON_LOG);
  const steps = Float64Array.from({ length: 500 }, (_, index) => index);
  curve.append({ steps, values: steps.map(() => 1) });
  curve.append({ steps: steps.subarray(100), values: steps.subarray(100).map((step) => (step === 300 ? 9 : 2)) });
  const { steps: current, values, blocks } = curve.current();
  const window = { min: 0, max: 499, columns: 4 };
  expect(blocks?.count()).toBe(7);
  expect(decimate(curve.current(), window, LOWEST_ON_LOG)).toEqual(
    decimate({ steps: current, values }, window, LOWEST_ON_LOG),
  );
});

test("a timeline's state comes back, and what is not one counts as none", () => {
  const state = { axis: "time", smoothing: 0.5, norms: { g: false }, others: ["/a"], isSideBySide: true } as const;
  const first = { axis: "step", smoothing: 0, norms: {}, others: [], isSideBySide: false };
  expect([state, { axis: "moon", smoothing: 2, others: [7], isSideBySide: 1 }, 7].map(parseTimelineState)).toEqual([
    state,
    first,
    first,
  ]);
});
