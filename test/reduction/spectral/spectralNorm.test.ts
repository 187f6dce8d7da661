import { expect, test } from "vitest";

import { type MatrixSize, spectralNorm } from "#reduction/spectral/spectralNorm.ts";
import { largestEigenpair } from "#reduction/spectral/tridiagonal.ts";

/** Orthonormal vectors of a length: the discrete cosines. */
function cosine(order: number, length: number): Float64Array {
  const scale = Math.sqrt((order === 0 ? 1 : 2) / length);
  return Float64Array.from({ length }, (_, at) => scale * Math.cos((Math.PI * order * (at + 0.5)) / length));
}

/** A matrix of known singular values, in pieces of three rows. */
function matrixOf(values: readonly number[], { rows, columns }: MatrixSize): () => AsyncGenerator<Float64Array, void> {
  const left = values.map((_, order) => cosine(order, rows));
  const right = values.map((_, order) => cosine(order + 1, columns));
  const elements = Float64Array.from({ length: rows * columns }, (_, at) =>
    values.reduce(
      (sum, value, order) =>
        sum + value * (left[order]?.[Math.floor(at / columns)] ?? 0) * (right[order]?.[at % columns] ?? 0),
      0,
    ),
  );
  return async function* pieces() {
    for (let start = 0; start < elements.length; start += 3 * columns) {
      yield elements.subarray(start, start + 3 * columns);
    }
  };
}

const SIZE = { rows: 60, columns: 40 };

test.each([
  { what: "one that stands out", values: [10, 1, 1, 1] },
  { what: "a slow decline", values: Array.from({ length: 39 }, (_, order) => 5 - order / 20) },
  { what: "two that are equal", values: [3, 3, 1] },
  { what: "a single one", values: [1e-20] },
  { what: "huge ones", values: [1e30, 9e29] },
])("the largest singular value is found to 1e-3 where there is $what", async ({ values }) => {
  const squares = values.reduce((sum, value) => sum + value ** 2, 0);
  const [largest = 0] = values;
  const { norm, stableRank, scaled, isConverged } = await spectralNorm(matrixOf(values, SIZE), SIZE);
  expect(norm / largest).toBeGreaterThan(1 - 1e-3);
  expect(norm / largest).toBeLessThan(1 + 1e-9);
  expect(Math.abs((stableRank ?? 0) / (squares / largest ** 2) - 1)).toBeLessThan(3e-3);
  expect([scaled, isConverged]).toEqual([norm / Math.sqrt(1.5), true]);
});

test("a matrix of zeros has norm 0 and no rank; one with NaN or ±Inf has norm NaN", async () => {
  const zero = await spectralNorm(matrixOf([0], SIZE), SIZE);
  expect([zero.norm, zero.stableRank]).toEqual([0, null]);
  for (const bad of [Number.NaN, Infinity]) {
    const broken = await spectralNorm(
      async function* rows() {
        yield Float64Array.from([1, bad, 0, 1]);
      },
      { rows: 2, columns: 2 },
    );
    expect([broken.norm, broken.stableRank, broken.isConverged]).toEqual([Number.NaN, null, false]);
  }
});

test("the largest eigenvalue of a second difference is the one its formula gives", () => {
  const size = 12;
  const { value, last } = largestEigenpair(
    Array.from({ length: size }, () => 2),
    Array.from({ length: size - 1 }, () => 1),
  );
  expect(value).toBeCloseTo(2 + 2 * Math.cos(Math.PI / (size + 1)), 12);
  expect(last).toBeCloseTo(Math.sqrt(2 / (size + 1)) * Math.sin(Math.PI / (size + 1)), 9);
});
