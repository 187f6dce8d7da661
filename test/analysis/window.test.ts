import { expect, test } from "vitest";
import { createWindow } from "#analysis/window.ts";
import { createNoise } from "../support/norms.ts";

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

test.each([1, 2, 7, 50])("a window of %d numbers has the median and spread of the last ones, ties included", (size) => {
  const noise = createNoise(size);
  const window = createWindow(size);
  const pushed: number[] = [];
  for (let turn = 0; turn < 300; turn += 1) {
    const value = turn % 3 === 0 ? Math.round(noise()) : noise();
    const left = window.push(value);
    expect(left).toBe(pushed.at(-size));
    pushed.push(value);
    const last = pushed.slice(-size);
    const median = medianOf(last);
    expect(window.length()).toBe(last.length);
    expect(window.median()).toBeCloseTo(median, 12);
    expect(window.spread()).toBeCloseTo(1.4826 * medianOf(last.map((one) => Math.abs(one - median))), 12);
  }
});

test("an empty window has no median, and no spread", () => {
  const window = createWindow(3);
  expect([window.length(), window.median(), window.spread()]).toEqual([0, undefined, 0]);
});
