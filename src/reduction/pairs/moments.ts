import type { MomentSettings, MomentSums } from "#core/comparison.ts";

import type { Values } from "../decode.ts";
import { noSums, type PairScales, type PairSums } from "./measure.ts";

/** Bins of 0.1 up to 2, and one for what is larger. */
const RATIO_BINS = 21;
const RATIOS_AT = 6;

/** Sums over Adam's first and second moment of one tensor, `exp_avg` and `exp_avg_sq`, as they are stored. */
export function sumMoments(means: Values, squares: Values, { ratio, epsilon }: PairScales): PairSums {
  const sums = noSums();
  const ratios = sums.subarray(RATIOS_AT, RATIOS_AT + RATIO_BINS);
  let [squaredMean, squaredGradient, squaredUpdate, belowEpsilon, zeros, nonFinite] = [0, 0, 0, 0, 0, 0];
  for (let index = 0; index < means.length; index += 1) {
    const mean = Math.abs(means[index] ?? Number.NaN);
    const square = squares[index] ?? Number.NaN;
    squaredMean += mean * mean;
    squaredGradient += square;
    const root = Math.sqrt(square); // NaN of a negative one, which no Adam makes.
    belowEpsilon += Number(root < epsilon);
    if (square > 0) {
      const update = mean / (root + epsilon);
      squaredUpdate += update * update;
      const bin = Math.min(Math.floor((mean / root) * ratio * 10), RATIO_BINS - 1);
      ratios[bin] = (ratios[bin] ?? 0) + 1;
    } else if (square === 0) {
      zeros += 1;
      squaredUpdate += updateWithoutGradient(mean, epsilon);
    }
    nonFinite += Number(!(Number.isFinite(mean) && square >= 0 && square < Infinity));
  }
  sums.set([squaredMean, squaredGradient, squaredUpdate, belowEpsilon, zeros, nonFinite]);
  return sums;
}

/** What the kernels of assembly/moments.ts leave behind. */
export function fromMomentKernel(found: Float64Array): PairSums {
  const sums = noSums();
  sums.set(found.subarray(0, RATIOS_AT + RATIO_BINS));
  return sums;
}

/** Squares may have underflowed where the mean did not. */
function updateWithoutGradient(mean: number, epsilon: number): number {
  return mean === 0 ? 0 : (mean / epsilon) ** 2;
}

/** ε and the ratio as they stand beside moments that are not corrected for their start. */
export function momentScales({ step, beta1, beta2, epsilon }: MomentSettings): PairScales {
  const root = Math.sqrt(1 - beta2 ** step);
  return { ratio: root / (1 - beta1 ** step), epsilon: epsilon * root };
}

export function toMoments(sums: PairSums, settings: MomentSettings): MomentSums {
  const [mean = 0, square = 0, update = 0, belowEpsilon = 0, zeros = 0, nonFinite = 0] = sums;
  return {
    squaredMean: mean / (1 - settings.beta1 ** settings.step) ** 2,
    squaredGradient: square / (1 - settings.beta2 ** settings.step),
    update: Math.sqrt(update) * momentScales(settings).ratio,
    belowEpsilon,
    zeros,
    nonFinite,
    ratios: Array.from(sums.subarray(RATIOS_AT, RATIOS_AT + RATIO_BINS)),
  };
}
