import { expect, test } from "vitest";
import { divergingTensors, firstDivergence } from "#analysis/divergence.ts";
import { stepAxis } from "#analysis/stepAxis.ts";
import { marksIn } from "#analysis/consistency/marks.ts";

const { NaN: nan } = Number;
const curve = (
  values: readonly number[],
  steps = Array.from(values.keys()),
): { steps: number[]; values: number[] } => ({
  steps,
  values: [...values],
});

test.each([
  { what: "equal curves", a: [1, 2, 3], b: [1, 2, 3], step: undefined },
  { what: "a difference within the tolerance", a: [1, 2], b: [1, 2.001], step: undefined },
  { what: "a difference beyond it", a: [1, 2, 3], b: [1, 2.1, 9], step: 1 },
  { what: "NaN on both sides", a: [1, nan, 3], b: [1, nan, 3], step: undefined },
  { what: "NaN on one side", a: [1, nan, 3], b: [1, 2, 3], step: 1 },
  { what: "an infinity on both sides", a: [Infinity], b: [Infinity], step: undefined },
  { what: "zero on one side", a: [0], b: [1e-9], step: 0 },
])("$what: first step $step", ({ a, b, step }) => {
  expect(firstDivergence(curve(a), curve(b), 1e-2)?.step).toBe(step);
});

test("only steps that both have are compared", () => {
  expect(firstDivergence(curve([1, 2, 3], [0, 1, 2]), curve([1, 5, 9], [0, 1.5, 2]), 0)).toEqual({
    step: 2,
    a: 3,
    b: 9,
    difference: 6 / 9,
  });
});

test("tensors are in the order in which they begin to differ, then by how much", () => {
  const own = new Map(["late", "small", "large", "same", "alone"].map((name) => [name, () => curve([1, 1, 1])]));
  const other = new Map([
    ["late", () => curve([1, 1, 2])],
    ["small", () => curve([1, 2, 1])],
    ["large", () => curve([1, nan, 1])],
    ["same", () => curve([1, 1, 1])],
  ]);
  expect(divergingTensors(own, other, 0).map(({ tensor, step }) => [tensor, step])).toEqual([
    ["large", 1],
    ["small", 1],
    ["late", 2],
  ]);
});

test("an axis of time leaves out what a restart repeats, what is missing and what goes back", () => {
  const axis = stepAxis([1, 2, 3, 2, 3, 4, 5], [10, 20, 30, 50, nan, 45, 80]);
  expect(axis).toEqual({ steps: Float64Array.of(1, 2, 5), values: Float64Array.of(10, 50, 80) });
  expect(stepAxis([1, 2], [nan, 3])).toBe(undefined);
});

test("marks are 1 and the telling factors nearest to the ratio, each once", () => {
  const marks = marksIn({ low: 0.9, high: 2.1 }, Math.SQRT2);
  expect(marks.map(({ text }) => text)).toEqual(["1", "√2", "√3", "2"]);
  expect(marksIn({ low: 0.4, high: 1.1 }, 0.5).map(({ text }) => text)).toEqual(["1", "1/2", "1/√3", "1/√6", "1/√2"]);
});
