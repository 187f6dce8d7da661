import type { MagnitudeHistogram, TensorStatistics } from "./tensor.ts";

/**
 * A sum of squares that neither overflows nor underflows: Blue's three accumulators, as in LAPACK's dnrm2.f90. Squares of
 * float32 and narrower all go to `medium`; only float64 needs the others.
 */
export interface SquareSum {
  /** Σ(x·2⁻⁵³⁸)² of the |x| above 2⁴⁸⁶. */
  readonly big: number;
  /** Σx² of the rest; NaN or Infinity when an element is. */
  readonly medium: number;
  /** Σ(x·2⁵³⁷)² of the |x| below 2⁻⁵¹¹. */
  readonly small: number;
}

/**
 * What chunks of a tensor that follow each other add up to, kept so that the spans of a tensor together give the bits that
 * all its chunks give in one go. The order of floating-point sums counts, so those of each chunk stay apart, unless the
 * span begins with the tensor's first chunk.
 */
export interface SpanSums extends Pick<TensorStatistics, "nan" | "posInf" | "negInf" | "firstNonFinite"> {
  readonly squares: readonly SquareSum[];
  /** NaN when any element is NaN. */
  readonly maxAbs: number;
  /** Only with `--full`. */
  readonly full: FullSpanSums | null;
}

export interface FullSpanSums {
  /** Σ|x| and Σx. */
  readonly sums: readonly { readonly l1: number; readonly sum: number }[];
  readonly zeros: number;
  readonly histogram: MagnitudeHistogram;
}
