import { expect, test } from "vitest";
import { createBaselineTrace } from "#analysis/baselineTrace.ts";
import type { BaselinePicture } from "#analysis/baselineTrace.ts";
import { pushPoint } from "../support/norms.ts";
import type { LoggedPoint } from "../support/norms.ts";

function point(step: number, value: number, learningRate?: number): LoggedPoint {
  return { step, value, line: step, learningRate };
}

function trace(points: readonly LoggedPoint[]): BaselinePicture {
  const traced = createBaselineTrace();
  points.forEach((one) => pushPoint(traced, one));
  return traced.picture();
}

const calm = Array.from({ length: 300 }, (_, step) => point(step, step % 2 === 0 ? 1 : Math.E));

test("the band is the median of the points before, with two robust spreads around it", () => {
  const { steps, median, low, high } = trace(calm);
  // Half of the logarithms are 0, half are 1: their median is ½, and each is ½ away from it.
  expect([steps[0], steps.at(-1)]).toEqual([50, 299]);
  expect(median.at(-1)).toBeCloseTo(Math.exp(0.5), 2);
  expect(high.at(-1)).toBeCloseTo(Math.exp(0.5 + 2 * 1.4826 * 0.5), 1);
  expect((low.at(-1) ?? 0) * (high.at(-1) ?? 0)).toBeCloseTo((median.at(-1) ?? 0) ** 2, 9);
});

test("NaN, zero and infinity leave the band as it was", () => {
  const broken = calm.flatMap((one) => [one, ...[Number.NaN, 0, Infinity].map((value) => ({ ...one, value }))]);
  expect(trace(broken).median.at(-1)).toBe(trace(calm).median.at(-1));
});

test("a step that goes back begins a new band, with a gap before it", () => {
  const { steps, median, resumes, warmUps } = trace([
    ...calm,
    ...calm.map((one) => ({ ...one, step: one.step + 200 })),
  ]);
  expect(resumes).toEqual([200]);
  expect(warmUps.map(({ from }) => from)).toEqual([0, 200]);
  expect(steps.filter((_, index) => Number.isNaN(median[index]))).toEqual(Float64Array.of(299));
});

test("the warm-up lasts while the learning rate rises, and a later jump of the rate is marked", () => {
  const rates = Array.from({ length: 400 }, (_, step) => (step < 100 ? step / 1000 : step < 300 ? 0.1 : 0.01));
  const { warmUps, rateChanges } = trace(rates.map((rate, step) => point(step, 1, rate)));
  expect([warmUps[0]?.from, (warmUps[0]?.until ?? 0) >= 100, (warmUps[0]?.until ?? 0) < 130]).toEqual([0, true, true]);
  expect(rateChanges.map(({ step, from, to }) => [step, from, to])).toEqual([[300, 0.1, 0.01]]);
});

test("a run of any length gives a picture of bounded size", () => {
  const traced = createBaselineTrace();
  for (let step = 0; step < 60_000; step += 1) {
    pushPoint(traced, point(step, 1));
  }
  const { steps } = traced.picture();
  expect([steps.length > 8000, steps.length <= 16_384, steps[0]]).toEqual([true, true, 50]);
});
