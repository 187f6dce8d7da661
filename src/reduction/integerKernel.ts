import { finiteStatistics, type Statistics } from "./statistics.ts";

/** Counters and masks: their norm is only a checksum for people, so plain loops do. */
export function reduceIntegers(values: ArrayLike<number>): Statistics {
  let sum = 0;
  let largest = 0;
  for (let index = 0; index < values.length; index += 1) {
    const size = Math.abs(values[index] ?? 0);
    sum += size * size;
    largest = Math.max(largest, size);
  }
  return finiteStatistics(sum, largest);
}

/** Rounded once to float64, from a signed or unsigned upper and an unsigned lower half. */
export function reduceInteger64(bytes: Uint8Array, signedness: "signed" | "unsigned"): Statistics {
  const lower = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const upper = signedness === "signed" ? new Int32Array(lower.buffer, lower.byteOffset, lower.length) : lower;
  let sum = 0;
  let largest = 0;
  for (let index = 0; index < lower.length; index += 2) {
    const size = Math.abs((upper[index + 1] ?? 0) * 2 ** 32 + (lower[index] ?? 0));
    sum += size * size;
    largest = Math.max(largest, size);
  }
  return finiteStatistics(sum, largest);
}
