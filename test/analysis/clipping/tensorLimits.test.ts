import { expect, test } from "vitest";
import { findDominance } from "#analysis/clipping/dominance.ts";
import { adviseTensors } from "#analysis/clipping/tensorAdvice.ts";
import { limitsByShare, splitBySize, splitEvenly } from "#analysis/clipping/tensorLimits.ts";
import type { TensorNorms } from "#analysis/clipping/tensorNorms.ts";
import { noisyNorms } from "../../support/norms.ts";

function tensorNorms(rows: readonly (readonly number[])[], start = 0): TensorNorms {
  return {
    names: rows.map((_, index) => `t${index}`),
    steps: Float64Array.from(rows[0]?.keys() ?? []),
    rows: rows.map((row) => Float64Array.from(row)),
    start,
    rare: [],
    missingSteps: 0,
    nonFiniteSteps: 0,
  };
}

function globalOf(limits: Float64Array): number {
  return Math.hypot(...limits);
}

test("a global threshold split over tensors is their global norm when all are at their limits", () => {
  expect(globalOf(splitEvenly(1.5, 7))).toBeCloseTo(1.5, 12);
  expect(globalOf(splitBySize(1.5, [10, 1000, 3]))).toBeCloseTo(1.5, 12);
});

test("split by size all tensors have the same root mean square", () => {
  const elements = [10, 1000, 3];
  const squares = splitBySize(2, elements).map((limit, tensor) => limit ** 2 / (elements[tensor] ?? 1));
  expect(squares[0]).toBeCloseTo(squares[1] ?? 0, 14);
  expect(squares[2]).toBeCloseTo(squares[1] ?? 0, 14);
});

test("the limit of a tensor leaves out steps that do not count", () => {
  const tensors = tensorNorms([[100, 100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]], 2);
  expect([...limitsByShare(tensors, 0.1)]).toEqual([9]);
});

const BIG = noisyNorms(60).map((norm) => 3 * norm);
const SMALL = noisyNorms(60, { seed: 2 });

test.each([
  { what: "sizes are unknown", elements: undefined, share: 0.9 },
  { what: "it has few of the parameters", elements: [10, 90], share: 0.9 },
  { what: "it has most of the parameters", elements: [90, 10], share: undefined },
])("a tensor with nine tenths of the squared norm, when $what", ({ elements, share }) => {
  const found = findDominance(tensorNorms([BIG, SMALL]), elements);
  expect(found === undefined ? undefined : Math.round(10 * found.share) / 10).toBe(share);
});

test("49 steps, or one tensor, show no dominance", () => {
  expect(findDominance(tensorNorms([BIG, SMALL], 11))).toBe(undefined);
  expect(findDominance(tensorNorms([BIG]))).toBe(undefined);
});

function methods(threshold: number | undefined, elements?: readonly number[]): string[] | undefined {
  return adviseTensors(tensorNorms([BIG, SMALL]), { threshold, digits: 3, elements })?.plans.map(
    ({ method }) => method,
  );
}

test("with sizes and a global threshold there are four plans, without a threshold two", () => {
  expect(methods(1, [10, 90])).toEqual(["quantile", "adagc", "evenSplit", "sizeSplit"]);
  expect(methods(undefined)).toEqual(["quantile", "adagc"]);
});

test("tensors without a step that counts get no advice", () => {
  expect(adviseTensors(tensorNorms([BIG, SMALL], 60), { threshold: 1, digits: 3 })).toBe(undefined);
});
