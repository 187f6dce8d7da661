import { isComplex } from "#core/dtype.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { decode } from "./decode.ts";
import type { Chunk } from "./engine.ts";

/** What `--full` adds to a tensor's statistics; NaN and ±Inf go into the sums as they are. */
export interface FullStatistics {
  /** Σ|x| in float64. */
  readonly l1: number;
  /** Σx/n in float64; null for complex tensors and for tensors without elements. */
  readonly mean: number | null;
  /** Elements that are exactly 0 or −0. */
  readonly zeros: number;
}

export interface FullCollector {
  /** Adds a tensor's chunks, in their order, and how often it has their elements. */
  readonly add: (chunk: Chunk, times?: number) => void;
  readonly finish: () => FullStatistics;
}

/** One more pass over chunks that are in memory anyway. The sum is the same bits for the same tensor. */
export function createFullCollector({ dtype, elements }: Pick<TensorEntry, "dtype" | "elements">): FullCollector {
  let [l1, sum, zeros] = [0, 0, 0];
  return {
    add(chunk, times = 1) {
      const values = decode(chunk);
      let [chunkL1, chunkSum, chunkZeros] = [0, 0, 0];
      for (let index = 0; index < values.length; index += 1) {
        const value = values[index] ?? Number.NaN;
        chunkL1 += Math.abs(value);
        chunkSum += value;
        chunkZeros += value === 0 ? 1 : 0;
      }
      l1 += chunkL1 * times;
      sum += chunkSum * times;
      zeros += chunkZeros * times;
    },
    finish: () => ({ l1, mean: isComplex(dtype) || elements === 0 ? null : sum / elements, zeros }),
  };
}
