import { expect, test } from "vitest";
import { divergingTensors, firstDivergence } from "#analysis/divergence.ts";

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
