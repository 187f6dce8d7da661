import { expect, test } from "vitest";
import { createNoise, findIn, noisyNorms, peaksIn } from "../support/norms.ts";

// The test series of science.md §2.5, with what GN101, GN201 and GN206 should say to each.

const CALM = noisyNorms(1000);

function during(from: number, to: number, change: (value: number) => number): number[] {
  return CALM.map((value, step) => (step >= from && step <= to ? change(value) : value));
}

test.each([
  { series: "a calm series", values: CALM, found: [] },
  {
    series: "one point ×5",
    values: during(500, 500, (value) => value * 5),
    found: ["GN201 warning 500 peak 500"],
  },
  {
    series: "one point ×30",
    values: during(500, 500, (value) => value * 30),
    found: ["GN201 error 500 peak 500"],
  },
  { series: "one NaN", values: during(500, 500, () => Number.NaN), found: ["GN101 warning 500 peak 500"] },
  {
    series: "one point of -Infinity",
    values: during(500, 500, () => -Infinity),
    found: ["GN101 warning 500 peak 500"],
  },
  { series: "three zeros", values: during(500, 502, () => 0), found: ["GN206 error 500 peak 500"] },
  { series: "two zeros", values: during(500, 501, () => 0), found: [] },
  {
    series: "a slow rise ×3",
    values: CALM.map((value, step) => value * Math.exp((Math.log(3) * step) / 999)),
    found: [],
  },
  { series: "a fall to a 30th", values: during(500, 999, (value) => value / 30), found: [] },
  { series: "a constant that rises by 4 %", values: [...Array<number>(1000).fill(1), 1.04], found: [] },
  {
    series: "the transient of a real start (TTT-Nav)",
    values: Array.from({ length: 100 }, (_, step) => 56 * Math.exp(-step / 20) + 2),
    found: [],
  },
  { series: "40 points, the last ×30", values: [...CALM.slice(0, 39), 30], found: [] },
])("in $series the rules find $found", ({ values, found }) => {
  expect(peaksIn({ values })).toEqual(found);
});

test("30 points ×10 are one episode that ends with them", () => {
  const values = during(500, 529, (value) => value * 10);
  const peak = values.indexOf(Math.max(...values));
  expect(findIn({ values })).toEqual([`GN201 warning 500–529 peak ${peak}`]);
});

test("a lasting rise ×4 is one episode, which ends when half of the 200 points of the median have risen", () => {
  expect(findIn({ values: during(500, 999, (value) => value * 4) })).toEqual(["GN201 warning 500–597 peak 504"]);
});

test.each([0.1, 0.3])("a spike ×100 does not hide one ×10 that follows 100 steps later, at a noise of %d", (sigma) => {
  const values = noisyNorms(1000, { sigma });
  values[500] = 100;
  values[600] = 10;
  expect(peaksIn({ values })).toEqual(["GN201 error 500 peak 500", "GN201 warning 600 peak 600"]);
});

test("a spike ×100 does not hide one ×5 that follows 100 steps later", () => {
  const values = CALM.map((value, step) => value * (step === 500 ? 100 : 1) * (step === 600 ? 5 : 1));
  expect(peaksIn({ values })).toEqual(["GN201 error 500 peak 500", "GN201 warning 600 peak 600"]);
});

test("a heavy-tailed series has at most one finding in 100 points", () => {
  const noise = createNoise(3);
  const values = Array.from({ length: 1000 }, () => {
    const chiSquared = noise() ** 2 + noise() ** 2 + noise() ** 2;
    return Math.exp((0.15 * noise()) / Math.sqrt(chiSquared / 3));
  });
  expect(findIn({ values }).length).toBeLessThanOrEqual(10);
});

test.each([
  { sigma: 0.1, phi: 0 },
  { sigma: 0.1, phi: 0.9 },
  { sigma: 0.3, phi: 0 },
  { sigma: 0.3, phi: 0.9 },
  { sigma: 0.5, phi: 0 },
  { sigma: 0.5, phi: 0.9 },
])("20,000 spike-free steps of σ $sigma and φ $phi raise at most one alarm in 10,000", ({ sigma, phi }) => {
  // science.md §2.3 measures with a transient of the warm-up at the start.
  const values = noisyNorms(20_000, { sigma, phi, seed: 7 }).map((v, step) => v * (1 + 6 * Math.exp(-step / 150)));
  expect(findIn({ values }).length).toBeLessThanOrEqual(2);
});

test.each([1e-6, 0.001, 1000, 2 ** 40])("norms in another unit, ×%d, give the same episodes", (unit) => {
  const values = during(300, 303, (value) => value * 7);
  values[700] = Number.NaN;
  values[800] = 25;
  expect(findIn({ values: values.map((value) => value * unit) })).toEqual(findIn({ values }));
});

test("NaN between the points changes no other finding", () => {
  const steps = [...CALM.keys()];
  const values = during(500, 503, (value) => value * 7);
  const between = steps.flatMap((step) => (step === 450 ? [step, step + 0.5] : [step]));
  const withNaN = between.map((step) => (Number.isInteger(step) ? (values[step] ?? 0) : Number.NaN));
  expect(findIn({ values: withNaN, steps: between })).toEqual([
    "GN101 warning 450.5–450.5 peak 450.5",
    ...findIn({ values, steps }),
  ]);
});
