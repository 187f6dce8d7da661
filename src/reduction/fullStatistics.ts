import { isComplex } from "#core/dtype.ts";
import type { MagnitudeHistogram, TensorEntry } from "#core/tensor.ts";
import { EXPONENTS, FIRST_EXPONENT, type FullSums } from "./fullSums.ts";

/** What `--full` adds to a tensor's statistics; NaN and ±Inf go into the sums as they are. */
export interface FullStatistics {
  /** Σ|x| in float64. */
  readonly l1: number;
  /** Σx/n in float64; null for complex tensors, whose elements count by their moduli, and for tensors without elements. */
  readonly mean: number | null;
  /** Elements that are exactly 0 or −0. */
  readonly zeros: number;
  readonly histogram: MagnitudeHistogram;
}

export interface FullCollector {
  /** Adds the sums of a tensor's chunks, in their order, and how often it has their elements. */
  readonly add: (sums: FullSums, times?: number) => void;
  readonly finish: () => FullStatistics;
  /** Σ|x| and Σx so far. */
  readonly sums: () => Pick<FullSums, "l1" | "sum">;
}

export function createFullCollector({ dtype, elements }: Pick<TensorEntry, "dtype" | "elements">): FullCollector {
  const counts = new Float64Array(EXPONENTS);
  let [l1, sum, zeros] = [0, 0, 0];
  return {
    add(sums, times = 1) {
      l1 += sums.l1 * times;
      sum += sums.sum * times;
      zeros += sums.zeros * times;
      for (let at = 0; at < EXPONENTS; at += 1) {
        counts[at] = (counts[at] ?? 0) + (sums.exponents[at] ?? 0) * times;
      }
    },
    finish: () => {
      const mean = isComplex(dtype) || elements === 0 ? null : sum / elements;
      return { l1, mean, zeros, histogram: histogramOf(counts) };
    },
    sums: () => ({ l1, sum }),
  };
}

/** From the first bin with an element to the last one; empty where there is none. */
function histogramOf(counts: Float64Array): MagnitudeHistogram {
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  return first < 0
    ? { firstExponent: 0, counts: [] }
    : { firstExponent: FIRST_EXPONENT + first, counts: Array.from(counts.subarray(first, last + 1)) };
}

/** How many elements have each exponent, as `FullSums` has them. */
export function exponentsOf({ firstExponent, counts }: MagnitudeHistogram): Float64Array {
  const exponents = new Float64Array(EXPONENTS);
  exponents.set(counts, counts.length === 0 ? 0 : firstExponent - FIRST_EXPONENT);
  return exponents;
}
