import { expect, test } from "vitest";
import { createDetector } from "#analysis/detector.ts";
import { judge } from "#analysis/judge.ts";
import { detect, findIn } from "../../support/norms.ts";

const ones = (length: number): number[] => Array<number>(length).fill(1);
const { NaN: nan } = Number;

test.each([
  { what: "one zero", values: [1, 0, 1], found: [] },
  { what: "two zeros", values: [1, 0, 0, 1], found: [] },
  { what: "three zeros", values: [1, 0, 0, 0, 1], found: ["GN206 error 1– peak 1"] },
  { what: "three zeros of either sign", values: [0, -0, 0], found: ["GN206 error 0– peak 0"] },
  { what: "two zeros, a norm, two zeros", values: [0, 0, 1, 0, 0], found: [] },
  { what: "two zeros and a NaN", values: [1, 0, 0, nan], found: ["GN101 error 3– peak 3"] },
  { what: "two zeros, NaN, two zeros", values: [0, 0, nan, 0, 0], found: ["GN101 info 2– peak 2"] },
  { what: "the smallest number there is", values: [5e-324, 5e-324, 5e-324], found: [] },
  { what: "three zeros, 10 norms", values: [0, 0, 0, ...ones(10)], found: ["GN206 error 0–2 peak 0"] },
  { what: "three zeros, 9 norms, one zero", values: [0, 0, 0, ...ones(9), 0], found: ["GN206 error 0– peak 0"] },
  { what: "three zeros, 10 norms, one zero", values: [0, 0, 0, ...ones(10), 0, 1], found: ["GN206 error 0–2 peak 0"] },
  {
    what: "three zeros, 10 norms, three zeros",
    values: [0, 0, 0, ...ones(10), 0, 0, 0],
    found: ["GN206 error 0–2 peak 0", "GN206 error 13– peak 13"],
  },
])("$what: $found", ({ values, found }) => {
  expect(findIn({ values })).toEqual(found);
});

test("the finding counts the zeros and points at the first", () => {
  expect(detect({ values: [1, 0, 0, 0, 0] }).episodes()).toEqual([
    {
      rule: "GN206",
      severity: "error",
      start: 1,
      peak: 1,
      end: null,
      value: 0,
      limit: 0,
      message: "Global gradient norm is exactly 0 for 4 points from step 1: no parameter receives gradient.",
      line: 1,
    },
  ]);
});

test.each([
  { resolution: undefined, found: 1 },
  { resolution: 0.0005, found: 0 },
])(
  "of zeros printed to within $resolution, $found findings say that the norm is exactly 0",
  ({ resolution, found }) => {
    const steps = Array.from({ length: 10 }, (_, index) => index);
    const detector = createDetector();
    const zeros = { steps, values: steps.map(() => 0), lines: steps };
    judge(detector, zeros, { from: 0, learningRateAt: () => undefined, resolution });
    expect(detector.episodes()).toHaveLength(found);
  },
);
