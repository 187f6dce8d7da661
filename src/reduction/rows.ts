import { finiteStatistics, mergeStatistics, NOTHING, startingAt, type Statistics } from "./statistics.ts";

/**
 * Elements summed in float32 before float64 takes over. Measured on 2^25 bfloat16 elements, whose few fraction bits make
 * float32 sums come out low: norm 5e-7 too small with rows of 4096, 2e-8 with 512, at the same speed.
 */
export const ROW_ELEMENTS = 512;

/**
 * Adds up row results of a float32 graph in float64, in order. Rows whose squares may have underflowed or overflowed, or
 * that hold NaN or ±Inf, go to `reduceExactly`. A float32 maximum may drop a NaN, but never one of a row with a finite sum.
 */
export function combineRows(
  squareSums: Float32Array,
  squareMaxima: Float32Array,
  reduceExactly: (row: number) => Statistics,
): Statistics {
  let sum = 0;
  let largestSquare = 0;
  let exact = NOTHING;
  for (let row = 0; row < squareSums.length; row += 1) {
    const squareSum = squareSums[row] ?? Number.NaN;
    if (squareSum >= MIN_TRUSTED && squareSum <= MAX_TRUSTED) {
      sum += squareSum;
      largestSquare = Math.max(largestSquare, squareMaxima[row] ?? 0);
    } else {
      exact = mergeStatistics(exact, startingAt(row * ROW_ELEMENTS, reduceExactly(row)));
    }
  }
  // Rounding to float32 undoes the rounding of the square: the error of the root is less than half a unit in the last place.
  const trusted = finiteStatistics(sum, Math.fround(Math.sqrt(largestSquare)));
  return mergeStatistics(trusted, exact);
}

/** Between these no square that matters to the sum has left the normal range of float32, 1.2e-38 to 3.4e38. */
const MIN_TRUSTED = 1e-30;
const MAX_TRUSTED = 1e30;
