import { expect, test } from "vitest";
import { createWindow } from "#analysis/points/window.ts";
import { createNoise } from "../../support/norms.ts";

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

test.each([1, 2, 7, 50, 200])(
  "a window of %d numbers that is asked now and then says what one asked always says",
  (size) => {
    const noise = createNoise(size);
    const [always, seldom] = [createWindow(size), createWindow(size)];
    let level = 0;
    for (let turn = 0, asked = 0; turn < 3000; turn += 1) {
      level += turn % 400 === 0 ? noise() : noise() / 50;
      const value = turn % 5 === 0 ? Math.round(noise()) : level + noise();
      always.push(value);
      seldom.push(value);
      const said = [always.median(), always.spread()];
      if (turn - asked > (turn / 7) % 90) {
        expect([seldom.median(), seldom.spread()]).toEqual(said);
        asked = turn;
      }
    }
  },
);

test.each([1, 2, 7, 50, 200])("the median of %d numbers lies between what is known of it at no cost", (size) => {
  const noise = createNoise(size + 1);
  const window = createWindow(size);
  const pushed: number[] = [];
  const known = { turns: 0, apart: 0 };
  for (let turn = 0; turn < 2000; turn += 1) {
    pushed.push(turn % 4 === 0 ? Math.round(noise()) : noise() + (turn > 1000 ? 1 : 0));
    window.push(pushed.at(-1) ?? 0);
    const median = medianOf(pushed.slice(-size));
    const [least, most] = [window.leastMedian(), window.mostMedian()];
    expect([turn, least <= median, median <= most]).toEqual([turn, true, true]);
    known.turns += most - least < Infinity ? 1 : 0;
    if (turn % 60 === 0) {
      window.median();
      known.apart = Math.max(known.apart, window.mostMedian() - window.leastMedian());
    }
  }
  // It is worth asking of windows that are not tiny.
  expect(size < 50 || (known.turns > 500 && known.apart < 4)).toBe(true);
});

test("nothing is known of the median of an empty window", () => {
  const window = createWindow(3);
  expect([window.leastMedian(), window.mostMedian()]).toEqual([-Infinity, Infinity]);
});
