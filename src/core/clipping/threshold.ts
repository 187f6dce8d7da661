import { countUpTo } from "./sortedNorms.ts";
import type { SortedNorms } from "./sortedNorms.ts";

/** What clipping every recorded gradient to a threshold, coefficient min(1, τ/N), would have done to the lengths. */
export interface ThresholdEffect {
  readonly threshold: number;
  readonly steps: number;
  readonly clippedSteps: number;
  readonly clippedShare: number;
  /** Mean of min(1, τ/N) over all steps. */
  readonly meanCoefficient: number;
  /** Over the clipped steps alone; undefined when there is none. */
  readonly meanCoefficientOfClipped: number | undefined;
  /** Σ min(N, τ) / ΣN: the part of all gradient length that is left. */
  readonly retainedLength: number;
  readonly rmsBefore: number;
  readonly rmsAfter: number;
  readonly maxBefore: number;
  readonly maxAfter: number;
}

// torch divides by N + 1e-6 and optax compares with `<`: at N = τ all frameworks leave the gradient as it is, but for
// rounding. A step counts as clipped only above this.
const CLIPPED_ABOVE = 1 + 1e-6;

/** In O(log n). Without norms the shares are NaN. */
export function measureThreshold(norms: SortedNorms, threshold: number): ThresholdEffect {
  return effectOf(sumsAt(norms, threshold), threshold);
}

/** Sums over the norms below a threshold (kept), above it (clipped), and over all. */
interface ClipSums {
  readonly steps: number;
  readonly clipped: number;
  readonly keptLength: number;
  readonly keptSquares: number;
  readonly clippedInverses: number;
  readonly length: number;
  readonly squares: number;
  readonly max: number;
}

function sumsAt({ sorted, lengths, squares, inverses }: SortedNorms, threshold: number): ClipSums {
  const steps = sorted.length;
  const kept = countUpTo(sorted, threshold * CLIPPED_ABOVE);
  return {
    steps,
    clipped: steps - kept,
    keptLength: lengths[kept] ?? 0,
    keptSquares: squares[kept] ?? 0,
    clippedInverses: inverses[kept] ?? 0,
    length: lengths[steps] ?? 0,
    squares: squares[steps] ?? 0,
    max: sorted[steps - 1] ?? 0,
  };
}

function effectOf(sums: ClipSums, threshold: number): ThresholdEffect {
  const { steps, clipped, length, max } = sums;
  const isAnyClipped = clipped > 0; // An infinite threshold clips nothing, and times 0 it would be NaN.
  const coefficients = isAnyClipped ? threshold * sums.clippedInverses : 0;
  const clippedLength = isAnyClipped ? threshold * clipped : 0;
  const clippedSquares = isAnyClipped ? threshold * threshold * clipped : 0;
  return {
    threshold,
    steps,
    clippedSteps: clipped,
    clippedShare: clipped / steps,
    meanCoefficient: (steps - clipped + coefficients) / steps,
    meanCoefficientOfClipped: isAnyClipped ? coefficients / clipped : undefined,
    retainedLength: (sums.keptLength + clippedLength) / length,
    rmsBefore: Math.sqrt(sums.squares / steps),
    rmsAfter: Math.sqrt((sums.keptSquares + clippedSquares) / steps),
    maxBefore: max,
    maxAfter: isAnyClipped ? threshold : max,
  };
}
