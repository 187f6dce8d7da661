import type { Clipper } from "./clipper.ts";

export interface OlmoRatioOptions {
  /** `max_grad_norm_ratio`; OLMo has no default. */
  readonly ratio: number;
  /** The larger of Adam's betas. */
  readonly smoothing: number;
}

const EPSILON = 1e-6;

/**
 * OLMo's clipping by ratio (allenai/OLMo, optim.py), per tensor: a norm is at most `ratio` times its running average,
 * which follows the clipped norm and is saved as `grad_norm_exp_avg`. The average starts at the second step.
 */
export function createOlmoRatio({ ratio, smoothing }: OlmoRatioOptions): Clipper {
  let averages: Float64Array | undefined;
  let step = 0;
  return {
    clip(norms, out) {
      step += 1;
      averages = step <= 2 || averages === undefined ? norms.slice() : averages;
      for (let tensor = 0; tensor < norms.length; tensor += 1) {
        const [norm, average] = [norms[tensor] ?? 0, averages[tensor] ?? 0];
        const limit = ratio * average;
        const coefficient = Math.min(1, limit / (norm + EPSILON));
        out[tensor] = coefficient;
        averages[tensor] = average + (1 - smoothing) * ((coefficient < 1 ? limit : norm) - average);
      }
    },
  };
}
