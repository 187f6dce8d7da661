import { medianOfSorted } from "#core/quantile.ts";
import type { TensorNorms } from "./tensorNorms.ts";

/** Clips tensors step by step; it may remember the steps before. */
export interface Clipper {
  /** From the norms of the tensors at the next step the coefficients in [0, 1] they are multiplied with, into `out`. */
  readonly clip: (norms: Float64Array, out: Float64Array) => void;
}

/** What a clipper would have done to a recorded run. */
export interface ClipperEffect {
  readonly steps: number;
  /** Steps at which it cut at least one tensor. */
  readonly clippedSteps: number;
  /** The part of all norms (tensors × steps) that it cut, and for each tensor the part of its steps. */
  readonly clippedShare: number;
  readonly clippedShares: readonly number[];
  /** Over tensors × steps. */
  readonly meanCoefficient: number;
  /** Σ of the global norm after / Σ before. */
  readonly retainedLength: number;
  /** Of the gradient after with the gradient before, at the median step and at the worst; 1 keeps the direction. */
  readonly cosine: number;
  readonly lowestCosine: number;
  /** The global norm after, sqrt(Σ c²N²), one per step. */
  readonly globalNorms: Float64Array;
}

/** Replays a clipper over all steps, and measures those that count. Without any step the shares are NaN. */
export function measureClipper({ rows, start }: Pick<TensorNorms, "rows" | "start">, clipper: Clipper): ClipperEffect {
  const length = rows[0]?.length ?? 0;
  const norms = new Float64Array(rows.length);
  const coefficients = new Float64Array(rows.length);
  const cuts = new Float64Array(rows.length);
  const after = new Float64Array(length - start);
  const cosines: number[] = [];
  let [clippedSteps, coefficientSum, lengthBefore, lengthAfter] = [0, 0, 0, 0];
  for (let step = 0; step < length; step += 1) {
    rows.forEach((row, tensor) => (norms[tensor] = row[step] ?? 0));
    clipper.clip(norms, coefficients);
    if (step < start) {
      continue;
    }
    const change = changeOf(norms, coefficients);
    cosines.push(...(Number.isNaN(change.cosine) ? [] : [change.cosine])); // A gradient of zeros has no direction.
    after[step - start] = change.after;
    lengthBefore += change.before;
    lengthAfter += change.after;
    coefficientSum += coefficients.reduce((sum, coefficient) => sum + coefficient, 0);
    clippedSteps += Number(coefficients.some(isCut));
    coefficients.forEach((coefficient, tensor) => (cuts[tensor] = (cuts[tensor] ?? 0) + Number(isCut(coefficient))));
  }
  const steps = after.length;
  return {
    steps,
    clippedSteps,
    clippedShare: cuts.reduce((sum, count) => sum + count, 0) / (steps * rows.length),
    clippedShares: Array.from(cuts, (count) => count / steps),
    meanCoefficient: coefficientSum / (steps * rows.length),
    retainedLength: lengthAfter / lengthBefore,
    cosine: medianOfSorted(Float64Array.from(cosines).toSorted()) ?? Number.NaN,
    lowestCosine: cosines.reduce((lowest, cosine) => Math.min(lowest, cosine), 1),
    globalNorms: after,
  };
}

/** Multiplies each tensor so that it is no longer than its limit. */
export function createFixedClipper(limits: ArrayLike<number>): Clipper {
  return {
    clip(norms, out) {
      norms.forEach((norm, tensor) => (out[tensor] = coefficientFor(norm, limits[tensor] ?? Infinity)));
    },
  };
}

/** min(1, limit/norm). A norm of 0 is below every limit. */
export function coefficientFor(norm: number, limit: number): number {
  return norm > limit ? limit / norm : 1;
}

interface Change {
  readonly before: number;
  readonly after: number;
  /** NaN where one of them is 0. */
  readonly cosine: number;
}

/** Exact from the norms alone: cos = Σ cN² / (sqrt(ΣN²) · sqrt(Σ c²N²)), as each tensor keeps its own direction. */
export function changeOf(norms: Float64Array, coefficients: Float64Array): Change {
  let [before, inner, after] = [0, 0, 0];
  for (let tensor = 0; tensor < norms.length; tensor += 1) {
    const [norm, coefficient] = [norms[tensor] ?? 0, coefficients[tensor] ?? 1];
    before += norm * norm;
    inner += coefficient * norm * norm;
    after += coefficient * coefficient * norm * norm;
  }
  const cosine = Math.min(1, inner / Math.sqrt(before * after));
  return { before: Math.sqrt(before), after: Math.sqrt(after), cosine };
}

// Coefficients of torch's kind, limit/(N + 1e-6), are a little below 1 at the limit.
function isCut(coefficient: number): boolean {
  return coefficient < 1 - 1e-6;
}
