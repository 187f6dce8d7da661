import { measureThreshold } from "./threshold.ts";
import type { SortedNorms } from "./sortedNorms.ts";

/** The threshold that clips a share of the steps: at most this share of the norms is above it. Undefined without norms. */
export function thresholdForShare({ sorted }: SortedNorms, share: number): number | undefined {
  // 1 - 0.9 is not quite 0.1: the rank must not move for that.
  const rank = Math.ceil((1 - share) * sorted.length - 1e-9);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1];
}

const HALVINGS = 100;

/** The threshold that leaves a part of the whole length in (0, 1], by bisection. Undefined without norms. */
export function thresholdForLength(norms: SortedNorms, retained: number): number | undefined {
  const max = norms.sorted.at(-1);
  if (max === undefined) {
    return undefined;
  }
  let [low, high] = [0, max];
  for (let turn = 0; turn < HALVINGS && low < high; turn += 1) {
    const middle = (low + high) / 2;
    if (measureThreshold(norms, middle).retainedLength < retained) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}
