import type { SpectralNorm } from "#core/spectrum.ts";

import type { Values } from "../decode.ts";
import { largestEigenpair } from "./tridiagonal.ts";

/** Whole rows of a matrix, one piece after another; each call begins with the first again. */
export type ReadRows = () => AsyncIterable<Values>;

export interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * The largest singular value by the Lanczos iteration on WᵀW from a fixed start, one pass over the matrix each. Every pass is
 * one of power iteration, but none is forgotten: where that needs hundreds, for singular values that lie close together, some
 * twenty do. The residual bounds the error, so it is known when to stop.
 */
export async function spectralNorm(readRows: ReadRows, { rows, columns }: MatrixSize): Promise<SpectralNorm> {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let next = startVector(columns);
  let [frobenius, squared, isConverged] = [0, 0, columns === 0];
  while (!isConverged && basis.length < mostIterations(columns)) {
    const { product, along, squares } = await multiply(readRows, next);
    frobenius = squares;
    if (!Number.isFinite(along)) {
      return { norm: Number.NaN, stableRank: null, scaled: Number.NaN, iterations: 1, isConverged: false };
    }
    basis.push(next);
    diagonal.push(along);
    const length = orthogonalise(product, basis);
    const { value, last } = largestEigenpair(diagonal, beside);
    squared = value;
    // A square errs by twice as much as its root. Nothing is left where the vectors span all that the matrix does.
    isConverged = length === 0 || length * Math.abs(last) <= 2 * TOLERANCE * value;
    beside.push(length);
    next = product.map((element) => element / length);
  }
  const norm = Math.sqrt(squared);
  const stableRank = norm > 0 ? frobenius / squared : null;
  return { norm, stableRank, scaled: norm / Math.sqrt(rows / columns), iterations: basis.length, isConverged };
}

const TOLERANCE = 1e-3;
const MOST_ITERATIONS = 100;
/** Bytes that the vectors of all passes may take. */
const MOST_BYTES = 64 * 1024 * 1024;

function mostIterations(columns: number): number {
  return Math.min(MOST_ITERATIONS, columns, Math.max(10, Math.floor(MOST_BYTES / (columns * 8))));
}

interface Pass {
  /** Wᵀ(Wx). */
  readonly product: Float64Array;
  /** ‖Wx‖². */
  readonly along: number;
  /** ‖W‖_F². */
  readonly squares: number;
}

async function multiply(readRows: ReadRows, vector: Float64Array): Promise<Pass> {
  const product = new Float64Array(vector.length);
  let [along, squares] = [0, 0];
  for await (const values of readRows()) {
    for (let start = 0; start < values.length; start += vector.length) {
      const row = values.subarray(start, start + vector.length);
      const { projected, squared } = project(row, vector);
      along += projected * projected;
      squares += squared;
      addScaled(product, row, projected);
    }
  }
  return { product, along, squares };
}

function project(row: Values, vector: Float64Array): { readonly projected: number; readonly squared: number } {
  let [projected, squared] = [0, 0];
  for (let at = 0; at < row.length; at += 1) {
    const value = row[at] ?? 0;
    projected += value * (vector[at] ?? 0);
    squared += value * value;
  }
  return { projected, squared };
}

function addScaled(sum: Float64Array, row: Values, scale: number): void {
  for (let at = 0; at < row.length; at += 1) {
    sum[at] = (sum[at] ?? 0) + scale * (row[at] ?? 0);
  }
}

/** Takes from a vector what lies along others, twice, for rounding leaves some of it; gives its length. */
function orthogonalise(vector: Float64Array, basis: readonly Float64Array[]): number {
  for (const unit of [...basis, ...basis]) {
    addScaled(vector, unit, -project(unit, vector).projected);
  }
  return Math.sqrt(project(vector, vector).squared);
}

/** The same on every run: a linear congruential generator (Numerical Recipes). */
function startVector(length: number): Float64Array {
  let state = 1;
  const vector = Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  const norm = Math.sqrt(project(vector, vector).squared);
  return vector.map((value) => value / norm);
}
