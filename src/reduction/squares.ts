import type { SquareSum } from "#core/spanSums.ts";

export const NO_SQUARES: SquareSum = { big: 0, medium: 0, small: 0 };

/** NaN and ±Inf go to `medium` and stay there. */
export function sumSquares(values: Iterable<number>): SquareSum {
  let big = 0;
  let medium = 0;
  let small = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > BIG && size < Infinity) {
      big += (value * BIG_SCALE) ** 2;
    } else if (size < SMALL) {
      small += (value * SMALL_SCALE) ** 2;
    } else {
      medium += value * value;
    }
  }
  return { big, medium, small };
}

export function addSquares(left: SquareSum, right: SquareSum): SquareSum {
  return { big: left.big + right.big, medium: left.medium + right.medium, small: left.small + right.small };
}

/** The norm; NaN or Infinity when an element is. */
export function rootOfSquares({ big, medium, small }: SquareSum): number {
  if (!Number.isFinite(medium)) {
    return medium;
  }
  if (big > 0) {
    return Math.sqrt(big + medium * BIG_SCALE * BIG_SCALE) / BIG_SCALE;
  }
  const root = Math.sqrt(medium);
  if (small === 0) {
    return root;
  }
  const smallRoot = Math.sqrt(small) / SMALL_SCALE;
  const larger = Math.max(root, smallRoot);
  return larger * Math.sqrt(1 + (Math.min(root, smallRoot) / larger) ** 2);
}

/** tbig, tsml, sbig and ssml of dnrm2.f90. */
const BIG = 2 ** 486;
const SMALL = 2 ** -511;
const BIG_SCALE = 2 ** -538;
const SMALL_SCALE = 2 ** 537;
