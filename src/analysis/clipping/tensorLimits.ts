import { sortNorms } from "#core/clipping/sortedNorms.ts";
import { thresholdForShare } from "#core/clipping/thresholdForShare.ts";
import type { TensorNorms } from "./tensorNorms.ts";

/** For each tensor the norm that a share of its steps exceeds. A tensor without any step has no limit: Infinity. */
export function limitsByShare({ rows, start }: TensorNorms, share: number): Float64Array {
  return Float64Array.from(rows, (row) => thresholdForShare(sortNorms(row.subarray(start)), share) ?? Infinity);
}

/** A global threshold split evenly: τ/√K, so that K tensors at their limits have the norm τ (optax, per layer). */
export function splitEvenly(threshold: number, tensors: number): Float64Array {
  return new Float64Array(tensors).fill(threshold / Math.sqrt(tensors));
}

/** A global threshold split by size: τ·sqrt(n_i/n), the same root mean square for all (optax, per layer). */
export function splitBySize(threshold: number, elements: readonly number[]): Float64Array {
  const total = elements.reduce((sum, count) => sum + count, 0);
  return Float64Array.from(elements, (count) => threshold * Math.sqrt(count / total));
}
