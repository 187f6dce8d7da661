import { expect, test } from "vitest";
import type { Episode } from "#analysis/rule.ts";
import { ALL_RULES, createNoise, detect, findIn, noisyNorms, pushPoint } from "../support/norms.ts";
import type { Training } from "../support/norms.ts";

// What must be true of any series, tried on random ones that have everything in them.

const EVENTS: readonly ((values: number[], at: number) => void)[] = [
  (values, at) => (values[at] = Number.NaN),
  (values, at) => (values[at] = Infinity),
  (values, at) => values.fill(0, at, at + 4),
  (values, at) => (values[at] = -1),
  (values, at) => (values[at] = (values[at] ?? 1) * 30),
  (values, at) => values.forEach((value, index) => (values[index] = index < at ? value : value * 5)),
  (values, at) => values.forEach((value, index) => (values[index] = index < at ? value : value / 40)),
  (values, at) => values.fill(values[at] ?? 1, at, at + 25),
];

/** A series of 1500 points with events of each kind at random places. */
function eventfulNorms(seed: number): number[] {
  const noise = createNoise(seed);
  const values = noisyNorms(1500, { sigma: 0.1 + (seed % 3) / 10, phi: seed % 2 === 0 ? 0.9 : 0, seed });
  for (const event of EVENTS) {
    event(values, 60 + Math.floor(1400 * Math.abs(Math.sin(noise()))));
  }
  return values;
}

/** Everything but what is in the unit of the norm. */
function withoutUnits(training: Training): readonly Partial<Episode>[] {
  return detect(training, ALL_RULES)
    .episodes()
    .map(({ rule, severity, start, peak, end, line }) => ({ rule, severity, start, peak, end, line }));
}

function isOther(line: string): boolean {
  return !line.startsWith("GN101");
}

/** A spike that ends in NaN is worse: its severity is the one thing that may change. */
function withoutSeverity(line: string): string {
  return line.replace(/ (?:info|warning|error) /, " ");
}

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed + 1);

test.each(SEEDS)("norms of series %d in another unit give the same episodes", (seed) => {
  const values = eventfulNorms(seed);
  const here = withoutUnits({ values });
  expect(here.length).toBeGreaterThan(2);
  for (const unit of [2 ** -20, 2 ** 10, 1000]) {
    // A placeholder has no unit, and bfloat16 rounding is one of the last digits.
    const scaled = values.map((value) => (value < 0 ? value : value * unit));
    expect(withoutUnits({ values: scaled })).toEqual(here);
  }
});

test.each(SEEDS)("NaN between the points of series %d changes no other finding", (seed) => {
  const values = eventfulNorms(seed).map((value) => (Number.isFinite(value) ? value : 1));
  const noise = createNoise(seed);
  const withNaN = [...values.entries()].flatMap(([step, value]) => {
    const isFollowed = noise() > 1.5 && value !== 0;
    return isFollowed
      ? [
          { step, value },
          { step: step + 0.5, value: Number.NaN },
        ]
      : [{ step, value }];
  });
  const found = findIn(
    { values: withNaN.map(({ value }) => value), steps: withNaN.map(({ step }) => step) },
    ALL_RULES,
  );
  expect(found.filter(isOther).map(withoutSeverity)).toEqual(findIn({ values }, ALL_RULES).map(withoutSeverity));
});

test.each(SEEDS)("read point by point, series %d gives the same episodes as all at once, at every point", (seed) => {
  const values = eventfulNorms(seed);
  const streaming = detect({ values: [] }, ALL_RULES);
  const checked = new Set([100, 333, 700, 701, 1100, 1499]);
  values.forEach((value, step) => {
    pushPoint(streaming, { step, value, line: step });
    streaming.episodes();
    if (checked.has(step)) {
      expect([step, streaming.episodes()]).toEqual([
        step,
        detect({ values: values.slice(0, step + 1) }, ALL_RULES).episodes(),
      ]);
    }
  });
});
