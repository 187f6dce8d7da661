import { expect, test } from "vitest";
import { LOWEST_ON_LOG } from "#media/charts/decimate.ts";
import { countPoints, createCurve } from "#media/charts/segments.ts";
import type { Curve, Points } from "#media/charts/segments.ts";

function curveOf(...chunks: [steps: number[], values: number[]][]): Curve {
  const curve = createCurve(LOWEST_ON_LOG);
  for (const [steps, values] of chunks) {
    curve.append({ steps: Float64Array.from(steps), values: Float64Array.from(values) });
  }
  return curve;
}

function plain({ steps, values }: Points): [number[], number[]] {
  return [Array.from(steps), Array.from(values)];
}

function shapeOf(curve: Curve): unknown {
  return { current: plain(curve.current()), superseded: curve.superseded().map(plain) };
}

test("a resumed run wins from its first step on, and what it replaced is kept apart", () => {
  expect(
    shapeOf(
      curveOf([
        [1, 2, 3, 4, 2, 3],
        [10, 20, 30, 40, 21, 31],
      ]),
    ),
  ).toEqual({
    current: [
      [1, 2, 3],
      [10, 21, 31],
    ],
    superseded: [
      [
        [2, 3, 4],
        [20, 30, 40],
      ],
    ],
  });
});

test("a step logged twice keeps its last value and is no resume", () => {
  expect(
    shapeOf(
      curveOf([
        [1, 2, 2, 3],
        [10, 20, 21, 30],
      ]),
    ),
  ).toEqual({
    current: [
      [1, 2, 3],
      [10, 21, 30],
    ],
    superseded: [],
  });
});

test("a resume before the first step replaces everything", () => {
  expect(
    shapeOf(
      curveOf(
        [
          [5, 6],
          [1, 2],
        ],
        [[0], [9]],
      ),
    ),
  ).toEqual({
    current: [[0], [9]],
    superseded: [
      [
        [5, 6],
        [1, 2],
      ],
    ],
  });
});

function count(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test("600 steps and a resume at 401 leave 200 superseded", () => {
  const steps = [...count(1, 600), ...count(401, 1000)];
  const curve = curveOf([steps, steps]);
  expect([curve.current().steps.length, curve.superseded()[0]?.steps.length, countPoints(curve)]).toEqual([
    1000, 200, 1200,
  ]);
});

test("the result does not depend on how samples were cut into messages", () => {
  const steps = [1, 2, 3, 2, 3, 4, 4, 1, 5];
  const whole = shapeOf(curveOf([steps, steps]));
  const results = steps.map((_, cut) => {
    const [head, tail] = [steps.slice(0, cut), steps.slice(cut)];
    return shapeOf(curveOf([head, head], [tail, tail]));
  });
  expect(results).toEqual(steps.map(() => whole));
});

test("NaN, Infinity and zero are values; a sample without a step has no place", () => {
  expect(
    shapeOf(
      curveOf([
        [1, Number.NaN, 2, 3],
        [Number.NaN, 5, Infinity, 0],
      ]),
    ),
  ).toEqual({
    current: [
      [1, 2, 3],
      [Number.NaN, Infinity, 0],
    ],
    superseded: [],
  });
});
