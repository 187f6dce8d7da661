import { expect, test } from "vitest";
import { thresholdForShare } from "#core/clipping/thresholdForShare.ts";
import { sortNorms } from "#core/clipping/sortedNorms.ts";
import { measureThreshold } from "#core/clipping/threshold.ts";
import type { ThresholdEffect } from "#core/clipping/threshold.ts";
import { noisyNorms } from "../../support/norms.ts";

/** Clips one gradient after the other. */
function replay(norms: readonly number[], threshold: number): ThresholdEffect {
  const isCut = norms.map((norm) => norm > threshold * (1 + 1e-6));
  const coefficients = norms.map((norm, step) => (isCut[step] === true ? threshold / norm : 1));
  const after = norms.map((norm, step) => norm * (coefficients[step] ?? 1));
  const ofClipped = coefficients.filter((_, step) => isCut[step] === true);
  return {
    threshold,
    steps: norms.length,
    clippedSteps: ofClipped.length,
    clippedShare: ofClipped.length / norms.length,
    meanCoefficient: mean(coefficients),
    meanCoefficientOfClipped: ofClipped.length === 0 ? undefined : mean(ofClipped),
    retainedLength: mean(after) / mean(norms),
    rmsBefore: Math.sqrt(mean(norms.map((norm) => norm ** 2))),
    rmsAfter: Math.sqrt(mean(after.map((norm) => norm ** 2))),
    maxBefore: Math.max(...norms),
    maxAfter: Math.max(...after),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function expectSame(effect: ThresholdEffect, truth: ThresholdEffect): void {
  const [found, expected] = [effect, truth].map((one) => Object.entries(one) as [string, number | undefined][]);
  const far = (found ?? []).filter(([key, value]) => {
    const other = new Map(expected).get(key);
    return value !== other && !(Math.abs((value ?? Number.NaN) / (other ?? Number.NaN) - 1) <= 1e-10);
  });
  expect(far).toEqual([]);
}

const SERIES = {
  "mild noise": noisyNorms(997, { sigma: 0.3 }),
  "wild noise": noisyNorms(500, { sigma: 3, seed: 3 }),
  "equal norms": Array<number>(60).fill(1),
  "one norm": [2.5],
  "tiny norms": noisyNorms(100, { seed: 5 }).map((norm) => norm * 1e-12),
};

test.each(Object.entries(SERIES))("the effect of any threshold on %s is that of clipping step by step", (_, norms) => {
  const sorted = sortNorms(norms);
  const middle = norms.toSorted((a, b) => a - b)[Math.floor(norms.length / 2)] ?? 1;
  for (const factor of [1e-3, 0.1, 0.5, 0.9, 1, 1 + 5e-7, 1.000_002, 1.5, 3, 1e3]) {
    expectSame(measureThreshold(sorted, middle * factor), replay(norms, middle * factor));
  }
});

test("a norm at the threshold, or above it by a rounding error, is not clipped", () => {
  const norms = sortNorms([1, 1 + 5e-7, 1.1]);
  expect(measureThreshold(norms, 1).clippedSteps).toBe(1);
});

test("an infinite threshold changes nothing", () => {
  const { clippedShare, meanCoefficient, retainedLength, maxAfter } = measureThreshold(sortNorms([1, 2]), Infinity);
  expect([clippedShare, meanCoefficient, retainedLength, maxAfter]).toEqual([0, 1, 1, 2]);
});

test.each([0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 0.99])("the threshold for a share of %d clips that many", (share) => {
  const norms = sortNorms(noisyNorms(1000));
  const threshold = thresholdForShare(norms, share) ?? Number.NaN;
  expect(measureThreshold(norms, threshold).clippedSteps).toBe(Math.round(share * 1000));
});

test("no norms have no thresholds", () => {
  expect(thresholdForShare(sortNorms([]), 0.1)).toBeUndefined();
});
