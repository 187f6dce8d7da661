import { medianOfSorted } from "#core/quantile.ts";
import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import { isPositive } from "./suspicion.ts";
import type { Curve, Suspicion } from "./suspicion.ts";

const LEAST_CYCLES = 20;
const LONGEST_PERIOD = 256;
const LEAST_SHARE = 0.9;
// A sum of k micro-batches is √k times one where noise rules, and k times where they agree.
const SLACK = 1.25;

/**
 * Norms that grow for k points and fall back: they are logged at micro-batches, while gradients are still being
 * accumulated; only the last of each k is the norm of a step.
 */
export function findSawtooth({ steps, values }: Curve): Suspicion | undefined {
  const norms = Array.from(steps, (step, index) => ({ step, value: values[index] })).filter(({ value }) =>
    isPositive(value),
  );
  const falls = norms.flatMap(({ value }, index) => ((value ?? 0) < (norms[index - 1]?.value ?? 0) ? [index] : []));
  const distances = falls.slice(1).map((fall, index) => fall - (falls[index] ?? 0));
  const period = mostFrequent(distances);
  const cycles = distances.filter((distance) => distance === period).length;
  if (period < 2 || period > LONGEST_PERIOD || cycles < LEAST_CYCLES || cycles < LEAST_SHARE * distances.length) {
    return undefined;
  }
  const growth = medianOfSorted(
    falls
      .slice(1)
      .map((fall) => (norms[fall - 1]?.value ?? Number.NaN) / (norms[fall - period]?.value ?? Number.NaN))
      .toSorted((a, b) => a - b),
  );
  if (growth === undefined || growth < Math.sqrt(period) / SLACK || growth > period * SLACK) {
    return undefined;
  }
  return {
    kind: "accumulating",
    isProven: false,
    sentence: t(
      "Suspect because the norm grows for {0} points, {1}×, and falls back, again and again: it is logged at every micro-batch of an accumulation over {2}, and only the last of each {3} is the norm of a step.",
      period,
      formatNumber(growth),
      period,
      period,
    ),
    evidence: {
      count: cycles,
      of: distances.length,
      firstStep: norms[0]?.step ?? Number.NaN,
      lastStep: norms.at(-1)?.step ?? Number.NaN,
      value: period,
    },
  };
}

/** 0 for none. */
function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) {
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const ranked = [...counts].toSorted(([, a], [, b]) => b - a);
  return ranked[0]?.[0] ?? 0;
}
