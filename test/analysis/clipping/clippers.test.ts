import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAdaGc } from "#analysis/clipping/adaGc.ts";
import { createFixedClipper, measureClipper } from "#analysis/clipping/clipper.ts";
import type { Clipper } from "#analysis/clipping/clipper.ts";
import { createOlmoRatio } from "#analysis/clipping/olmoRatio.ts";
import { createZClip } from "#analysis/clipping/zClip.ts";
import { createNoise, noisyNorms } from "../../support/norms.ts";
import { EXAMPLE } from "../../support/build.ts";

const rows = readFileSync(join(EXAMPLE, "metrics.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Readonly<Record<string, number>>)
  .filter((row) => row["grad_norm"] !== undefined);
const names = Object.keys(rows[0] ?? {}).filter((name) => name.startsWith("grad_norm/"));

function coefficientsOf(clipper: Clipper, steps: readonly (readonly number[])[]): number[][] {
  return steps.map((norms) => {
    const out = new Float64Array(norms.length);
    clipper.clip(Float64Array.from(norms), out);
    return [...out];
  });
}

// What bluorion-com/ZClip itself does with max_grad_norm=None on a parameter with these gradients, in float64.
test("ZClip on the example is ZClip", () => {
  const found = coefficientsOf(
    createZClip(),
    rows.map((row) => [row["grad_norm"] ?? 0]),
  ).flat();
  const acted = [...found.entries()].filter(([, coefficient]) => coefficient < 1 - 1e-6);
  expect(acted.filter(([step]) => step >= 50).length).toBe(37);
  expect(acted.slice(0, 3).map(([step]) => step + 1)).toEqual([182, 220, 225]);
  const truth = [0.782_686_527_254_233_3, 0.760_701_111_387_944_5, 0.553_347_474_352_024_5];
  truth.forEach((coefficient, index) => expect(acted[index]?.[1]).toBeCloseTo(coefficient, 12));
});

// γ of kozistr/pytorch_optimizer's AdaGC in float64, with the root that its global norm lacks.
test("AdaGC on the example has AdaGC's running norms", () => {
  const clipper = createAdaGc();
  coefficientsOf(
    clipper,
    rows.map((row) => names.map((name) => row[name] ?? 0)),
  );
  const limits = clipper.limits();
  const averageOf = (name: string): number => (limits[names.indexOf(`grad_norm/${name}`)] ?? 0) / 1.05;
  expect(averageOf("transformer.wte.weight") / 0.085_199_987_346_373_9).toBeCloseTo(1, 7);
  expect(averageOf("lm_head.weight") / 0.202_948_930_180_775_3).toBeCloseTo(1, 7);
});

test("OLMo's ratio starts at the second step, limits to the ratio and follows what is left", () => {
  const steps = [[10], [1], [3], [1]];
  const found = coefficientsOf(createOlmoRatio({ ratio: 2, smoothing: 0.5 }), steps).flat();
  // The average is 1 at step 2; 3 is cut to 2, and the average becomes 1.5.
  const expected = [1, 1, 2 / (3 + 1e-6), 1];
  expected.forEach((coefficient, step) => expect(found[step]).toBeCloseTo(coefficient, 14));
  const ratio = createOlmoRatio({ ratio: 1, smoothing: 0.5 });
  expect(coefficientsOf(ratio, [[9], [1], [3], [9]])[3]?.[0]).toBeCloseTo(1 / 9, 6);
});

/** Tensors with random elements, and what clipping them does to all elements in one row. */
test("direction change and new global norm are those of the flattened gradient", () => {
  const noise = createNoise(11);
  const steps = Array.from({ length: 40 }, () =>
    [3, 7, 1, 12].map((size, tensor) => Array.from({ length: size }, () => noise() * 3 ** tensor)),
  );
  const norms = [0, 1, 2, 3].map((tensor) => Float64Array.from(steps, (step) => lengthOf(step[tensor] ?? [])));
  const limits = [1.5, 6, 10, 60];
  const effect = measureClipper({ rows: norms, start: 0 }, createFixedClipper(limits));
  const truth = steps.map((step) => {
    const before = step.flat();
    const after = step.flatMap((elements, tensor) => {
      const coefficient = Math.min(1, (limits[tensor] ?? 0) / lengthOf(elements));
      return elements.map((element) => element * coefficient);
    });
    const inner = before.reduce((sum, element, index) => sum + element * (after[index] ?? 0), 0);
    return { before: lengthOf(before), after: lengthOf(after), cosine: inner / (lengthOf(before) * lengthOf(after)) };
  });
  truth.forEach(({ after }, step) => expect(effect.globalNorms[step]).toBeCloseTo(after, 9));
  expect(effect.lowestCosine).toBeCloseTo(Math.min(...truth.map(({ cosine }) => cosine)), 12);
  const cosines = truth.map(({ cosine }) => cosine).toSorted((a, b) => a - b);
  expect(effect.cosine).toBeCloseTo(((cosines[19] ?? 0) + (cosines[20] ?? 0)) / 2, 12);
  const sums = truth.reduce((sum, { before, after }) => [(sum[0] ?? 0) + before, (sum[1] ?? 0) + after], [0, 0]);
  expect(effect.retainedLength).toBeCloseTo((sums[1] ?? 0) / (sums[0] ?? 1), 12);
  expect(effect.clippedShares).toEqual(
    norms.map((row, tensor) => row.filter((norm) => norm > (limits[tensor] ?? 0)).length / 40),
  );
});

function lengthOf(elements: readonly number[]): number {
  return Math.hypot(...elements);
}

test("one limit for one tensor keeps the direction", () => {
  const effect = measureClipper({ rows: [Float64Array.from(noisyNorms(50))], start: 10 }, createFixedClipper([0.5]));
  expect([effect.steps, effect.clippedSteps, effect.cosine]).toEqual([40, 40, 1]);
  expect(effect.lowestCosine).toBeCloseTo(1, 14);
});

test("a step without any gradient has no direction and is no division by zero", () => {
  const effect = measureClipper(
    { rows: [Float64Array.of(0, 3), Float64Array.of(0, 4)], start: 0 },
    createFixedClipper([3, 2]),
  );
  expect(effect.cosine).toBeCloseTo((9 + 0.5 * 16) / (5 * Math.sqrt(9 + 4)), 14);
  expect([...effect.globalNorms]).toEqual([0, Math.sqrt(13)]);
});
