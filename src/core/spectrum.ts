/** The largest singular value of a tensor taken as a matrix: the first dimension by all others. */
export interface SpectralNorm {
  /** NaN when an element is NaN or ±Inf. */
  readonly norm: number;
  /** ‖W‖_F²/‖W‖₂²: how many directions matter; null for a matrix of zeros, or one that is not finite. */
  readonly stableRank: number | null;
  /** ‖W‖₂/sqrt(rows/columns): about the same in all layers of a well scaled model (Yang, Simon and Bernstein, arXiv 2310.17813). */
  readonly scaled: number;
  readonly iterations: number;
  /** Whether the relative error is below 1e-3, as far as the last iterations tell. */
  readonly isConverged: boolean;
}
