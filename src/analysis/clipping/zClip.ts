import type { Clipper } from "./clipper.ts";

const SMOOTHING = 0.97;
const LIMIT_Z = 2.5;
const WARM_UP_STEPS = 25;
const EPSILON = 1e-6;

/**
 * ZClip (arXiv 2504.02507, as in bluorion-com/ZClip, "adaptive_scaling" with its defaults) on the global norm: a norm
 * whose z is above 2.5 is clipped to μ + 2.5σ/(z/2.5), and μ and σ² follow what is left. Without the fixed limit that
 * it has beside this.
 */
export function createZClip(): Clipper {
  const first: number[] = [];
  let [mean, variance] = [0, 0];
  return {
    clip([norm = 0], out) {
      out[0] = 1;
      if (first.length < WARM_UP_STEPS) {
        first.push(norm);
        ({ mean, variance } = momentsOf(first));
        return;
      }
      const spread = Math.sqrt(variance);
      const z = (norm - mean) / (spread + EPSILON);
      const limit = z > LIMIT_Z ? mean + (LIMIT_Z * spread) / (z / LIMIT_Z) : norm;
      out[0] = z > LIMIT_Z ? limit / (norm + EPSILON) : 1;
      mean = SMOOTHING * mean + (1 - SMOOTHING) * limit;
      variance = SMOOTHING * variance + (1 - SMOOTHING) * (limit - mean) ** 2;
    },
  };
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}
