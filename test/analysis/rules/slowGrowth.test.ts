import { expect, test } from "vitest";
import type { RuleId } from "#core/rules.ts";
import { detect, findIn, noisyNorms } from "../../support/norms.ts";

const GROWTH = { enabled: new Set<RuleId>(["GN204"]) };

/** Grows by a factor over 1000 points, and stays. */
function growing(factor: number, length: number): number[] {
  return noisyNorms(length).map((value, step) => value * Math.exp((Math.log(factor) * Math.min(step, 1000)) / 1000));
}

test.each([
  { factor: 1.5, severity: [] },
  { factor: 3, severity: ["info"] },
  { factor: 10, severity: ["warning"] },
])("growth ×$factor over 1000 points is $severity", ({ factor, severity }) => {
  expect(
    detect({ values: growing(factor, 1000) }, GROWTH)
      .episodes()
      .map((one) => one.severity),
  ).toEqual(severity);
});

test("999 points are too few", () => {
  expect(findIn({ values: growing(10, 999) }, GROWTH)).toEqual([]);
});

test("an episode ends with the last 1000 points that grew by 1.5", () => {
  const [episode] = detect({ values: growing(3, 3000) }, GROWTH).episodes();
  expect([episode?.start, episode?.peak, episode?.end]).toEqual([0, 999, 1549]);
});

test("a fall is no growth", () => {
  expect(findIn({ values: growing(1 / 8, 1500) }, GROWTH)).toEqual([]);
});

test("a rise from one point to the next is told by its own rule alone, before and after it is confirmed", () => {
  const values = noisyNorms(2500).map((value, step) => value * (step < 980 ? 1 + step / 2000 : 6));
  const enabled = new Set<RuleId>(["GN203", "GN204"]);
  const rules = (end: number): string[] => findIn({ values: values.slice(0, end) }, { enabled });
  expect([rules(1000), rules(2500).map((line) => line.slice(0, 5))]).toEqual([[], ["GN203"]]);
});
