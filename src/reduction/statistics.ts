import type { SquareSum } from "#core/spanSums.ts";
import type { TensorStatistics } from "#core/tensor.ts";

import { addSquares, NO_SQUARES, rootOfSquares } from "./squares.ts";

/** Statistics of a part of a tensor. They add up; norms do not. */
export interface Statistics {
  readonly squares: SquareSum;
  /** NaN when any element is NaN. */
  readonly maxAbs: number;
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
  /** Index of its first NaN or ±Inf, in the part or, once the part has a place in it, in the whole tensor. */
  readonly firstNonFinite: number | null;
}

/** Of no elements, or of zeros. */
export const NOTHING: Statistics = finiteStatistics(0, 0);

/** Of elements that are all finite, with squares that fit float64. */
export function finiteStatistics(sumOfSquares: number, maxAbs: number): Statistics {
  const squares = { ...NO_SQUARES, medium: sumOfSquares };
  return { squares, maxAbs, nan: 0, posInf: 0, negInf: 0, firstNonFinite: null };
}

/** Of `length` elements of which at least one is NaN or ±Inf: the second look that only broken tensors pay for. */
export function nonFiniteStatistics(length: number, valueAt: (index: number) => number): Statistics {
  let [nan, posInf, negInf] = [0, 0, 0];
  let firstNonFinite = null;
  for (let index = 0; index < length; index += 1) {
    const value = valueAt(index);
    if (!Number.isFinite(value)) {
      firstNonFinite ??= index;
      nan += Number.isNaN(value) ? 1 : 0;
      posInf += value === Infinity ? 1 : 0;
      negInf += value === -Infinity ? 1 : 0;
    }
  }
  const maxAbs = nan > 0 ? Number.NaN : Infinity;
  return { squares: { ...NO_SQUARES, medium: maxAbs }, maxAbs, nan, posInf, negInf, firstNonFinite };
}

/** Of both; their indices are of the same whole. */
export function mergeStatistics(left: Statistics, right: Statistics): Statistics {
  return {
    squares: addSquares(left.squares, right.squares),
    maxAbs: Math.max(left.maxAbs, right.maxAbs),
    nan: left.nan + right.nan,
    posInf: left.posInf + right.posInf,
    negInf: left.negInf + right.negInf,
    firstNonFinite: lower(left.firstNonFinite, right.firstNonFinite),
  };
}

function lower(left: number | null, right: number | null): number | null {
  return left === null || right === null ? (left ?? right) : Math.min(left, right);
}

/** The same statistics of elements that start at `start` of a whole. */
export function startingAt(start: number, statistics: Statistics): Statistics {
  const { firstNonFinite } = statistics;
  return firstNonFinite === null ? statistics : { ...statistics, firstNonFinite: firstNonFinite + start };
}

export function toTensorStatistics({ squares, maxAbs, ...counts }: Statistics): TensorStatistics {
  return { l2: rootOfSquares(squares), linf: maxAbs, ...counts };
}
