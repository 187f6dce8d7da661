import { finiteStatistics, nonFiniteStatistics, type Statistics } from "./statistics.ts";

/** Float32 summed in float64, where no square of a float32 overflows or underflows. */
export function reduceFloat32(bytes: Uint8Array): Statistics {
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const sum = sumOfSquares(values);
  return Number.isFinite(sum)
    ? finiteStatistics(sum, maxAbs(values))
    : nonFiniteStatistics(values.length, (index) => values[index] ?? 0);
}

// Four sums side by side: one would wait for itself.
function sumOfSquares(values: Float32Array): number {
  const end = values.length - (values.length % 4);
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let index = 0; index < end; index += 4) {
    const value0 = values[index] ?? 0;
    const value1 = values[index + 1] ?? 0;
    const value2 = values[index + 2] ?? 0;
    const value3 = values[index + 3] ?? 0;
    sum0 += value0 * value0;
    sum1 += value1 * value1;
    sum2 += value2 * value2;
    sum3 += value3 * value3;
  }
  for (let index = end; index < values.length; index += 1) {
    sum0 += (values[index] ?? 0) ** 2;
  }
  return sum0 + sum1 + (sum2 + sum3);
}

function maxAbs(values: Float32Array): number {
  const end = values.length - (values.length % 4);
  let [max0, max1, max2, max3] = [0, 0, 0, 0];
  for (let index = 0; index < end; index += 4) {
    max0 = Math.max(max0, Math.abs(values[index] ?? 0));
    max1 = Math.max(max1, Math.abs(values[index + 1] ?? 0));
    max2 = Math.max(max2, Math.abs(values[index + 2] ?? 0));
    max3 = Math.max(max3, Math.abs(values[index + 3] ?? 0));
  }
  for (let index = end; index < values.length; index += 1) {
    max0 = Math.max(max0, Math.abs(values[index] ?? 0));
  }
  return Math.max(max0, max1, max2, max3);
}
