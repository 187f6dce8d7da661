import type { AdamParameter } from "#core/comparison.ts";

/**
 * What Adam's moments tell of a parameter's gradient. Decay that is coupled (Adam's, not AdamW's) is part of what they
 * averaged, and so it is of these numbers.
 */
export interface AdamGradient {
  readonly parameter: AdamParameter;
  /**
   * Root mean square over about the last 1/(1−β2) steps of the parameter's gradient norm, after clipping and unscaling:
   * sqrt(Σ v̂). NaN where a moment is.
   */
  readonly norm: number;
  /** The same per element. */
  readonly rms: number;
  readonly noise: GradientNoise | null;
}

/** How much of a gradient is the same in every batch. Holds for a gradient that changes slowly and batches of one size. */
export interface GradientNoise {
  /** |G|², of the mean gradient; null when it is below the noise. */
  readonly signal: number | null;
  /** tr Σ, the variance of a batch's gradient. */
  readonly variance: number;
  /**
   * B_simple in batches: variance/signal (McCandlish and others, An Empirical Model of Large-Batch Training). Null below the
   * noise.
   */
  readonly noiseScale: number | null;
}

export function adamGradient(parameter: AdamParameter): AdamGradient {
  const { elements, sums } = parameter;
  const norm = Math.sqrt(sums.squaredGradient);
  return { parameter, norm, rms: elements === 0 ? 0 : norm / Math.sqrt(elements), noise: noiseOf(parameter) };
}

/** Null without a gradient, or where moments have NaN or ±Inf, or the step is not known. */
function noiseOf({ sums, step, beta1 }: AdamParameter): GradientNoise | null {
  const { squaredMean, squaredGradient } = sums;
  if (step === null || step < 2 || !(squaredGradient > 0) || !Number.isFinite(squaredMean + squaredGradient)) {
    return null;
  }
  const share = noiseShare(beta1, step);
  const signal = (squaredMean - share * squaredGradient) / (1 - share);
  const variance = (squaredGradient - squaredMean) / (1 - share);
  return signal > 0
    ? { signal, variance, noiseScale: variance / signal }
    : { signal: null, variance, noiseScale: null };
}

/** ρ: the share of pure noise that the first moment, an average over few steps, keeps: ‖m̂‖² is |G|² + ρ·tr Σ. */
function noiseShare(beta1: number, step: number): number {
  const decayed = beta1 ** step;
  return ((1 - beta1) / (1 + beta1)) * ((1 + decayed) / (1 - decayed));
}
