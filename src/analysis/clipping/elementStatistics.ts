import type { MagnitudeHistogram } from "#core/tensor.ts";

/** What `gradlens norms --full` knows of the elements of a gradient. */
export interface ElementStatistics {
  readonly elements: number;
  readonly l1: number;
  readonly l2: number;
  readonly linf: number;
  readonly histogram: MagnitudeHistogram;
}
