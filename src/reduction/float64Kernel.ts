import { sumSquares } from "./squares.ts";
import { finiteStatistics, nonFiniteStatistics, NOTHING, type Statistics } from "./statistics.ts";

/** Float64: a plain sum where it is exact enough, scaled squares (dnrm2) where some over- or underflow. */
export function reduceFloat64(bytes: Uint8Array): Statistics {
  const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  let sum = 0;
  let largest = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    sum += value * value;
    largest = Math.max(largest, Math.abs(value)); // Math.max keeps a NaN.
  }
  if (isPlainSumExact(sum)) {
    return finiteStatistics(sum, largest);
  }
  if (!Number.isFinite(largest)) {
    return nonFiniteStatistics(values.length, (index) => values[index] ?? 0);
  }
  return largest === 0 ? NOTHING : { ...NOTHING, squares: sumSquares(values), maxAbs: largest };
}

/** Whether no square that matters to a plain sum of squares over- or underflowed. False for NaN. */
export function isPlainSumExact(sum: number): boolean {
  return sum > SAFE_MIN && sum < SAFE_MAX;
}

// Inside these bounds squares lost to underflow are below 2⁻¹⁰⁰ of the sum, and 2³⁰ chunks can be added without overflow.
const SAFE_MIN = 2 ** -900;
const SAFE_MAX = 2 ** 990;
