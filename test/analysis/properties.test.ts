import { expect, test } from "vitest";
import { createDetector } from "#analysis/detector.ts";
import { judge } from "#analysis/judge.ts";
import type { Episode } from "#analysis/rules/rule.ts";
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

/** What a log may say beside its norms: jumps of the rate, a loss scale that overflows, skipped steps, losses, ranks. */
function contextOf(values: readonly number[]): Omit<Training, "values"> {
  const broken = values.map((value) => !Number.isFinite(value));
  const skippedBefore = (step: number): number => broken.slice(0, step + 1).filter(Boolean).length;
  return {
    learningRate: (step) => (step < 80 ? step / 80 : step < 900 ? 1 : 0.1),
    lossScaleAt: (step) => 2 ** (16 - skippedBefore(step)),
    skippedStepsAt: (step) => skippedBefore(step) + (step % 700 === 699 ? 1 : 0),
    lossAt: (step) => 2 + Math.sin(step) / 100 + ((values[step - 2] ?? 1) > 8 ? 1 : 0),
    rankNormsAt: (step) => [(values[step] ?? 1) * (step % 400 === 0 ? 2 : 1)],
  };
}

test.each(SEEDS)(
  "read in pieces of any length, series %d with all else a log says gives the same as at once",
  (seed) => {
    const values = eventfulNorms(seed);
    const training = { values, ...contextOf(values) };
    const whole = detect(training, ALL_RULES).episodes();
    expect(new Set(whole.map(({ rule }) => rule)).size).toBeGreaterThan(3);
    const noise = createNoise(seed);
    const pieces = createDetector(ALL_RULES);
    const steps = Float64Array.from(values.keys());
    for (let from = 0, to = 0; from < values.length;) {
      to = Math.min(values.length, to + 1 + Math.floor(60 * Math.abs(noise())));
      const columns = { steps: steps.subarray(0, to), values: values.slice(0, to), lines: steps };
      const { learningRate: learningRateAt, ...context } = training;
      from = judge(pieces, columns, { ...context, learningRateAt, from, resolution: undefined });
      pieces.episodes();
    }
    expect(pieces.episodes()).toEqual(whole);
  },
);
