import { expect, test } from "vitest";
import { ALL_RULES, createNoise, findIn, noisyNorms, peaksIn } from "../support/norms.ts";

// Series with one event each, and what all rules together should say to them.

const CALM = noisyNorms(1000);

function during(from: number, to: number, change: (value: number) => number): number[] {
  return CALM.map((value, step) => (step >= from && step <= to ? change(value) : value));
}

function toBfloat16(value: number): number {
  const unit = 2 ** (Math.floor(Math.log2(value)) - 7);
  return Math.round(value / unit) * unit;
}

test.each([
  { series: "a calm series", values: CALM, found: [] },
  { series: "one point ×5", values: during(500, 500, (value) => value * 5), found: ["GN201 warning 500 peak 500"] },
  { series: "one point ×30", values: during(500, 500, (value) => value * 30), found: ["GN201 error 500 peak 500"] },
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
    found: ["GN204 info 0 peak 999"],
  },
  {
    series: "a fall to a 30th",
    values: during(500, 999, (value) => value / 30),
    found: ["GN205 warning 500 peak 568"],
  },
  {
    series: "the transient of a real start (TTT-Nav)",
    values: Array.from({ length: 100 }, (_, step) => 56 * Math.exp(-step / 20) + 2),
    found: [],
  },
  { series: "norms clipped at 1", values: CALM.map((value) => Math.min(value, 1)), found: [] },
  { series: "norms rounded to bfloat16", values: CALM.map(toBfloat16), found: ["GN105 info 0 peak 0"] },
  { series: "a constant", values: Array<number>(1000).fill(1), found: ["GN207 info 0 peak 0"] },
  {
    series: "a constant that rises by 4 %",
    values: [...Array<number>(1000).fill(1), 1.04],
    found: ["GN207 info 0 peak 0"],
  },
  {
    series: "spikes ×100 and, 100 points later, ×10",
    values: CALM.map((value, step) => value * (step === 500 ? 100 : 1) * (step === 600 ? 10 : 1)),
    found: ["GN201 error 500 peak 500", "GN201 warning 600 peak 600"],
  },
  { series: "one -1", values: during(500, 500, () => -1), found: ["GN103 warning 500 peak 500"] },
  { series: "40 points, the last ×30", values: [...CALM.slice(0, 39), 30], found: [] },
])("in $series the rules find $found", ({ values, found }) => {
  expect(peaksIn({ values }, ALL_RULES)).toEqual(found);
});

test("30 points ×10 are one episode that ends with them, and no rise", () => {
  const values = during(500, 529, (value) => value * 10);
  const peak = values.indexOf(Math.max(...values));
  expect(findIn({ values }, ALL_RULES)).toEqual([`GN201 warning 500–529 peak ${peak}`]);
});

test("a lasting rise ×4 is a spike until it is confirmed, then a rise that began with it, and no slow growth", () => {
  const values = during(500, 999, (value) => value * 4);
  const until = (end: number): string[] => findIn({ values: values.slice(0, end) }, ALL_RULES);
  expect([until(501), until(551), until(552), until(1000)]).toEqual([
    ["GN201 warning 500– peak 500"],
    ["GN201 warning 500– peak 504"],
    ["GN203 warning 500– peak 551"],
    ["GN203 warning 500–622 peak 551"],
  ]);
});

test("norms that double with the loss scale, 2000 steps apart, are unscaled", () => {
  const values = noisyNorms(4000).map((value, step) => value * 65_536 * (step >= 400 ? 2 : 1) * (step >= 2400 ? 2 : 1));
  expect(peaksIn({ values }, { enabled: new Set(["GN405"]) })).toEqual(["GN405 warning 400 peak 400"]);
});

test("a run that goes back 200 steps is judged in two segments", () => {
  const steps = [
    ...Array.from({ length: 600 }, (_, step) => step + 1),
    ...Array.from({ length: 600 }, (_, s) => s + 401),
  ];
  const values = [...CALM.slice(0, 600), ...CALM.slice(0, 600)];
  values[450] = 30; // Step 451: the second segment writes it anew.
  values[300] = 30;
  expect([
    findIn({ steps, values }, ALL_RULES),
    findIn({ steps, values: CALM.slice(0, 600).concat(CALM.slice(0, 600)) }, ALL_RULES),
  ]).toEqual([["GN201 error 301–301 peak 301"], []]);
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

function heavyTailed(length: number, scale: number): number[] {
  const noise = createNoise(3);
  return Array.from({ length }, () => {
    const chiSquared = noise() ** 2 + noise() ** 2 + noise() ** 2;
    return Math.exp((scale * noise()) / Math.sqrt(chiSquared / 3));
  });
}

test.each([
  { scale: 0.15, least: 1 },
  { scale: 0.4, least: 1 },
])("a heavy-tailed series of scale $scale has findings, and at most one in 100 points", ({ scale, least }) => {
  const found = findIn({ values: heavyTailed(1000, scale) });
  expect(found.length).toBeGreaterThanOrEqual(least);
  expect(found.length).toBeLessThanOrEqual(10);
});
