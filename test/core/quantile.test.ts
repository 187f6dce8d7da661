import { expect, test } from "vitest";
import { medianOfSorted, quantileOfSorted, sortedFinite } from "#core/quantile.ts";

test.each([
  { sorted: [], q: 0.5, value: undefined },
  { sorted: [7], q: 0.99, value: 7 },
  { sorted: [1, 2], q: 0.5, value: 1.5 },
  { sorted: [1, 2, 3], q: 0, value: 1 },
  { sorted: [1, 2, 3], q: 1, value: 3 },
  { sorted: [0, 10, 20, 30, 40], q: 0.75, value: 30 },
  { sorted: [0, 10], q: 0.99, value: 9.9 },
])("the $q quantile of $sorted is $value", ({ sorted, q, value }) => {
  expect(quantileOfSorted(sorted, q)).toBe(value);
});

test.each([
  { sorted: [], median: undefined },
  { sorted: [1, 5, 6], median: 5 },
  { sorted: [1, 5, 6, 100], median: 5.5 },
])("the median of $sorted is $median", ({ sorted, median }) => {
  expect(medianOfSorted(sorted)).toBe(median);
});

test("only finite values are ranked, and the column they come from stays as it was", () => {
  const column = Float64Array.of(3, Number.NaN, 1, Infinity, -Infinity, 0);
  expect([sortedFinite(column), column]).toEqual([
    Float64Array.of(0, 1, 3),
    Float64Array.of(3, Number.NaN, 1, Infinity, -Infinity, 0),
  ]);
});
