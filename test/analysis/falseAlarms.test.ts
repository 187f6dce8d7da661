import { expect, test } from "vitest";
import type { RuleId } from "#core/rules.ts";
import { ALL_RULES, detect, noisyNorms } from "../support/norms.ts";

// A short form of bench/falseAlarms.ts, which measures 200,000 points of each noise.
const STEPS = 40_000;

function alarmsIn(sigma: number, phi: number): Partial<Record<RuleId, number>> {
  // A transient of the warm-up, as real runs have it, stands at the start.
  const calm = noisyNorms(STEPS, { sigma, phi, seed: 7 });
  const values = calm.map((value, step) => value * (1 + 6 * Math.exp(-step / 150)));
  const counts: Partial<Record<RuleId, number>> = {};
  for (const { rule } of detect({ values }, ALL_RULES).episodes()) {
    counts[rule] = (counts[rule] ?? 0) + 1;
  }
  return counts;
}

test.each([
  { sigma: 0.1, phi: 0 },
  { sigma: 0.1, phi: 0.9 },
  { sigma: 0.3, phi: 0 },
  { sigma: 0.5, phi: 0 },
])("no rule says anything of uneventful noise of σ $sigma and φ $phi", ({ sigma, phi }) => {
  expect(alarmsIn(sigma, phi)).toEqual({});
});

test.each([
  { sigma: 0.3, phi: 0.9 },
  { sigma: 0.5, phi: 0.9 },
  { sigma: 0.3, phi: 0.98 },
  { sigma: 0.5, phi: 0.98 },
])("noise of σ $sigma and φ $phi raises at most one alarm of a rule in 10,000 steps", ({ sigma, phi }) => {
  const worst = Math.max(0, ...Object.values(alarmsIn(sigma, phi)));
  expect(worst).toBeLessThanOrEqual(STEPS / 10_000);
});
