import { expect, test } from "vitest";
import { limitFindings, withinLimits } from "#analysis/limits.ts";
import type { LimitedNorms } from "#analysis/limits.ts";
import type { Finding } from "#core/finding.ts";

const { NaN: nan } = Number;

function columns(values: readonly number[], name: string | null = null): LimitedNorms {
  return {
    name,
    steps: values.map((_, index) => 10 * (index + 1)),
    values,
    lines: values.map((_, index) => index),
    valueAt: (step) => values[step / 10 - 1],
    pathAt: (step) => (step < 30 ? "a.log" : "b.log"),
  };
}

test("norms above the limit are one finding at the largest of them, which goes on when the last one is above it", () => {
  const found = limitFindings([columns([1, 7, 9, 2, 8, Infinity, nan, 6])], { maxNorm: 5, maxNan: undefined });
  expect(found).toEqual([
    {
      rule: "GN601",
      severity: "error",
      tensor: null,
      start: 20,
      peak: 30,
      end: null,
      value: 9,
      limit: 5,
      message: "The global gradient norm is 9 at step 30, above the limit of 5. It is above it at 4 points.",
      source: { path: "b.log", line: 3 },
    },
  ]);
});

test.each([
  { values: [1, 5, 2], maxNorm: 5, count: 0 },
  { values: [1, 5.01, 2], maxNorm: 5, count: 1 },
  { values: [nan, Infinity, -Infinity], maxNorm: 5, count: 0 },
  { values: [], maxNorm: 5, count: 0 },
])("of $values with a limit of $maxNorm there are $count findings", ({ values, maxNorm, count }) => {
  expect(limitFindings([columns(values)], { maxNorm, maxNan: undefined }).length).toBe(count);
});

test.each([
  { maxNan: 3, found: [] },
  {
    maxNan: 2,
    found: [{ start: 20, peak: 20, end: 50, value: nan, limit: 2, source: { path: "a.log", line: 2 } }],
  },
])("with $maxNan allowed, three norms that are not finite give $found", ({ maxNan, found }) => {
  expect(limitFindings([columns([1, nan, 2, Infinity, -Infinity, 3])], { maxNorm: undefined, maxNan })).toMatchObject(
    found,
  );
});

test.each([
  { maxNan: undefined, left: ["GN101", "GN201"] },
  { maxNan: 0, left: ["GN101", "GN201"] },
  { maxNan: 1, left: ["GN201"] },
])("with $maxNan allowed, one NaN leaves the findings $left", ({ maxNan, left }) => {
  const findings = ["GN101", "GN201"].map((rule) => ({ rule, tensor: null })) as Finding[];
  const kept = withinLimits(findings, [columns([1, nan])], { maxNorm: undefined, maxNan });
  expect(kept.map(({ rule }) => rule)).toEqual(left);
});

test.each([
  { first: [1, 1, 1, 1], other: [1, 9, nan, nan], told: ["GN601 critic 20", "GN602 critic 30"] },
  { first: [1, 9, nan, nan], other: [1, 9, nan, nan], told: ["GN601 null 20", "GN602 null 30"] },
  { first: [1, 9, nan, nan], other: [1, 1, nan, nan], told: ["GN601 null 20", "GN602 null 30"] },
  { first: [1, 1, nan, 1], other: [1, 1, nan, nan], told: ["GN602 critic 30"] },
  { first: [1, 1, 1, 1], other: [1, 1, 1, nan], told: [] },
])("a second norm of $other beside $first gives $told", ({ first, other, told }) => {
  const found = limitFindings([columns(first), columns(other, "critic")], { maxNorm: 5, maxNan: 1 });
  expect(found.map(({ rule, tensor, start }) => `${rule} ${tensor} ${start}`)).toEqual(told);
});

test("a second norm that exceeds its limit is told by its name", () => {
  const [found] = limitFindings([columns([1, 1]), columns([1, 9], "critic")], { maxNorm: 5, maxNan: undefined });
  expect(found?.message).toBe("critic: The global gradient norm is 9 at step 20, above the limit of 5.");
});

test("each norm has its own count of allowed NaN", () => {
  const findings = [null, "critic"].map((tensor) => ({ rule: "GN101", tensor })) as Finding[];
  const norms = [columns([1, nan]), columns([nan, nan], "critic")];
  expect(withinLimits(findings, norms, { maxNorm: undefined, maxNan: 1 })).toEqual(findings.slice(1));
});
