import { finiteStatistics, type Statistics } from "./statistics.ts";

/**
 * Elements summed in float32 before float64 takes over. Squares of few fraction bits leave the same remainders again and
 * again, so that their float32 sums come out low: on float16 gradients the norm was 2e-7 too small with rows of 512, on
 * bfloat16 5e-7 with rows of 4096; with 128 both are right to 1e-8, at the same speed.
 */
export const ROW_ELEMENTS = 128;

/**
 * Adds up row results of a float32 graph in float64, in order. Nothing when the squares of a row may have underflowed or
 * overflowed, or it holds NaN or ±Inf: float32 cannot tell. Its maximum may drop a NaN, but never one of a row with a
 * finite sum.
 */
export function combineRows(squareSums: Float32Array, squareMaxima: Float32Array): Statistics | undefined {
  let sum = 0;
  let largestSquare = 0;
  for (let row = 0; row < squareSums.length; row += 1) {
    const squareSum = squareSums[row] ?? Number.NaN;
    if (!(squareSum >= MIN_TRUSTED && squareSum <= MAX_TRUSTED)) {
      return undefined;
    }
    sum += squareSum;
    largestSquare = Math.max(largestSquare, squareMaxima[row] ?? 0);
  }
  // Rounding to float32 undoes the rounding of the square: the error of the root is less than half a unit in the last place.
  return finiteStatistics(sum, Math.fround(Math.sqrt(largestSquare)));
}

/** Between these no square that matters to the sum has left the normal range of float32, 1.2e-38 to 3.4e38. */
const MIN_TRUSTED = 1e-30;
const MAX_TRUSTED = 1e30;
