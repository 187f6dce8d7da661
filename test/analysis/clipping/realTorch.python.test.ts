import { expect, test } from "vitest";
import { measureValueClip } from "#analysis/clipping/byValue.ts";
import type { ElementStatistics } from "#analysis/clipping/elementStatistics.ts";
import { createFixedClipper, measureClipper } from "#analysis/clipping/clipper.ts";
import { sortNorms } from "#core/clipping/sortedNorms.ts";
import { measureThreshold } from "#core/clipping/threshold.ts";
import { runPython } from "../../support/python.ts";

interface Step {
  readonly norms: readonly number[];
  readonly byNorm: readonly {
    readonly maxNorm: number;
    readonly total: number;
    readonly after: number;
    readonly coefficients: readonly number[];
  }[];
  readonly byValue: readonly {
    readonly limit: number;
    readonly share: number;
    readonly norm: number;
    readonly cosine: number;
  }[];
  readonly elements: ElementStatistics;
}

/** What torch did to the gradients of six batches. */
const { steps } = runPython("clipTorch.py", "") as { readonly steps: readonly Step[] };

function isNear(value: number | undefined, truth: number): boolean {
  return Math.abs((value ?? Number.NaN) / truth - 1) <= 1e-6;
}

test("torch has clipped six batches", () => {
  expect(steps).toHaveLength(6);
});

test("clip_grad_norm_ leaves the coefficient and the norm that are told", () => {
  const rows = steps.flatMap(({ byNorm }) => byNorm);
  const far = rows.filter(({ maxNorm, total, after, coefficients }) => {
    const { clippedSteps, meanCoefficient, rmsAfter } = measureThreshold(sortNorms([total]), maxNorm);
    const divided = clippedSteps === 0 ? 1 : total / (total + 1e-6); // torch adds this to the norm it divides by.
    const found = coefficients.map((one) => isNear(meanCoefficient * divided, one));
    return ![isNear(rmsAfter * divided, after), ...found].every(Boolean);
  });
  expect([far, rows.length]).toEqual([[], 5 * steps.length]);
});

test("the global norm of the tensors' norms is torch's total", () => {
  const far = steps.flatMap(({ norms, byNorm }) => {
    const rows = norms.map((norm) => Float64Array.of(norm));
    const effect = measureClipper({ rows, start: 0 }, createFixedClipper(norms.map(() => Infinity)));
    return byNorm.filter(({ total }) => !isNear(effect.globalNorms[0], total));
  });
  expect(far).toEqual([]);
});

test("clip_grad_value_ does what lies in the intervals of the histogram", () => {
  const far = steps.flatMap(({ elements, byValue }) =>
    byValue.filter(({ limit, ...truth }) => {
      const effect = measureValueClip([elements], limit);
      const pairs = [
        [effect?.clippedShare, truth.share],
        [effect?.norm, truth.norm],
        [effect?.cosine, truth.cosine],
      ] as const;
      return !pairs.every(
        ([interval, value]) =>
          interval !== undefined && value >= interval[0] * (1 - 1e-9) && value <= interval[1] * (1 + 1e-9),
      );
    }),
  );
  expect(far).toEqual([]);
});
