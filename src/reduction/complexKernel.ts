import { isPlainSumExact, reduceFloat64 } from "./float64Kernel.ts";
import { float16Values } from "./halfKernel.ts";
import { finiteStatistics, nonFiniteStatistics, type Statistics } from "./statistics.ts";

/** Pairs of float32: the sum of re² + im². An infinite element counts by its first infinite part. */
export function reduceComplex64({ buffer, byteOffset, length }: Uint8Array): Statistics {
  return reducePairs(new Float32Array(buffer, byteOffset, length / 4));
}

/** Pairs of float16. */
export function reduceComplex32(bytes: Uint8Array): Statistics {
  return reducePairs(float16Values(bytes));
}

/** Pairs of float64, whose squares may over- or underflow. */
export function reduceComplex128(bytes: Uint8Array): Statistics {
  const parts = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const statistics = reduceFloat64(bytes);
  if (statistics.nan + statistics.posInf + statistics.negInf > 0) {
    return countNonFinite(parts);
  }
  let maxAbs = 0;
  for (let index = 0; index < parts.length; index += 2) {
    maxAbs = Math.max(maxAbs, modulus(parts[index] ?? 0, parts[index + 1] ?? 0));
  }
  return { ...statistics, maxAbs };
}

/** Without over- or underflow on the way. Not Math.hypot, which hides a NaN beside an Inf. */
export function modulus(re: number, im: number): number {
  const square = re * re + im * im;
  if (isPlainSumExact(square)) {
    return Math.sqrt(square);
  }
  const largest = Math.max(Math.abs(re), Math.abs(im)); // Math.max keeps a NaN.
  return largest === 0 || !Number.isFinite(largest)
    ? largest
    : largest * Math.sqrt((re / largest) ** 2 + (im / largest) ** 2);
}

/** Parts whose squares neither over- nor underflow. */
function reducePairs(parts: Float32Array | Float64Array): Statistics {
  let sum = 0;
  let largest = 0;
  for (let index = 0; index < parts.length; index += 2) {
    const [re, im] = [parts[index] ?? 0, parts[index + 1] ?? 0];
    const square = re * re + im * im;
    sum += square;
    largest = Math.max(largest, square);
  }
  return Number.isFinite(sum) ? finiteStatistics(sum, Math.sqrt(largest)) : countNonFinite(parts);
}

function countNonFinite(parts: Float32Array | Float64Array): Statistics {
  return nonFiniteStatistics(parts.length / 2, (index) => worstPart(parts[2 * index] ?? 0, parts[2 * index + 1] ?? 0));
}

function worstPart(re: number, im: number): number {
  if (Number.isNaN(re) || Number.isNaN(im)) {
    return Number.NaN;
  }
  return Number.isFinite(re) ? im : re;
}
