import { coefficientFor } from "./clipper.ts";
import type { Clipper } from "./clipper.ts";

const RELATIVE_LIMIT = 1.05;
const ABSOLUTE_LIMIT = 1;
const SMOOTHING = 0.98;
const WARM_UP_STEPS = 100;

export interface AdaGc extends Clipper {
  /** What it would clip each tensor to at the next step: 1.05 γ. */
  readonly limits: () => Float64Array;
}

/**
 * AdaGC (arXiv 2502.11034, as in kozistr/pytorch_optimizer with its defaults), per tensor: a norm is at most 1.05 γ, and
 * γ follows the clipped norm. In the first 100 steps the global norm is clipped to 1, and γ is the smallest norm so far.
 */
export function createAdaGc(): AdaGc {
  let averages = new Float64Array();
  let step = 0;
  return {
    clip(norms, out) {
      step += 1;
      averages = step === 1 ? new Float64Array(norms.length).fill(Infinity) : averages;
      const warming = step < WARM_UP_STEPS ? coefficientFor(globalOf(norms), ABSOLUTE_LIMIT) : undefined;
      norms.forEach((norm, tensor) => {
        const average = averages[tensor] ?? Infinity;
        const coefficient = warming ?? coefficientFor(norm, RELATIVE_LIMIT * average);
        const clipped = coefficient * norm;
        out[tensor] = coefficient;
        averages[tensor] =
          warming === undefined ? SMOOTHING * average + (1 - SMOOTHING) * clipped : Math.min(average, clipped);
      });
    },
    limits: () => averages.map((average) => RELATIVE_LIMIT * average),
  };
}

function globalOf(norms: Float64Array): number {
  return Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0));
}
