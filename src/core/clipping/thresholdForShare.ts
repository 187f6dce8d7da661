import type { SortedNorms } from "./sortedNorms.ts";

/** The threshold that clips a share of the steps: at most this share of the norms is above it. Undefined without norms. */
export function thresholdForShare({ sorted }: SortedNorms, share: number): number | undefined {
  // 1 - 0.9 is not quite 0.1: the rank must not move for that.
  const rank = Math.ceil((1 - share) * sorted.length - 1e-9);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1];
}
