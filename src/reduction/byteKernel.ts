import type { ByteTable } from "./byteTables.ts";
import { finiteStatistics, nonFiniteStatistics, type Statistics } from "./statistics.ts";

/** Elements of one byte, or two in a byte: counts the 256 codes, then sums their squares. Exact, whatever the order. */
export function reduceBytes(bytes: Uint8Array, { values, squares, magnitudes }: ByteTable): Statistics {
  const counts = countCodes(bytes);
  let sum = 0;
  let largest = 0;
  for (const [code, count] of counts.entries()) {
    if (count > 0) {
      sum += count * (squares[code] ?? 0);
      largest = Math.max(largest, magnitudes[code] ?? 0);
    }
  }
  return Number.isFinite(sum)
    ? finiteStatistics(sum, largest)
    : nonFiniteStatistics(bytes.length, (index) => values[bytes[index] ?? 0] ?? 0);
}

function countCodes(bytes: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (let index = 0; index < bytes.length; index += 1) {
    const code = bytes[index] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}
