import { expect, test } from "vitest";
import { createDetector } from "#analysis/detector.ts";
import { judge } from "#analysis/judge.ts";
import { detect, findIn, noisyNorms, summarize } from "../support/norms.ts";
import type { Training } from "../support/norms.ts";

const { NaN: nan } = Number;

function learningRateAt(step: number): number {
  return Math.min(step, 70);
}

/** A run of noise with everything in it: spikes, zeros, NaN, a ramp of the learning rate, a restart. */
function eventfulTraining(): Training {
  const steps = [
    ...Array.from({ length: 200 }, (_, index) => index),
    ...Array.from({ length: 120 }, (_, index) => 150 + index),
  ];
  const values = noisyNorms(steps.length, { seed: 5 });
  const events = { 3: Infinity, 90: 9, 92: 8, 120: 0, 121: 0, 122: 0, 170: nan, 180: 40, 290: 6, 300: nan };
  for (const [index, value] of Object.entries(events)) {
    values[Number(index)] = value;
  }
  return { steps, values, learningRate: learningRateAt };
}

test("read in two pieces, a series gives the same episodes wherever it is cut", () => {
  const training = eventfulTraining();
  const columns = {
    steps: Float64Array.from(training.steps ?? []),
    values: Float64Array.from(training.values),
    lines: Float64Array.from(training.values.keys()),
  };
  const whole = detect(training).episodes();
  for (let cut = 0; cut <= columns.steps.length; cut += 1) {
    const detector = createDetector();
    const firstPart = {
      steps: columns.steps.subarray(0, cut),
      values: columns.values.subarray(0, cut),
      lines: columns.lines.subarray(0, cut),
    };
    const from = judge(detector, firstPart, { from: 0, learningRateAt, resolution: undefined });
    detector.episodes(); // Looking changes nothing.
    judge(detector, columns, { from, learningRateAt, resolution: undefined });
    expect([cut, detector.episodes()]).toEqual([cut, whole]);
  }
});

test("the eventful run has all of its events, those before the restart that it did not overwrite", () => {
  expect(findIn(eventfulTraining())).toEqual([
    "GN101 info 3–3 peak 3",
    "GN201 warning 90–98 peak 90",
    "GN206 error 120–122 peak 120",
    "GN201 error 240–240 peak 240",
    "GN101 error 250– peak 250",
  ]);
});

function stepsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

const CALM = noisyNorms(400);

test.each([
  {
    what: "a NaN before the restart's step stays",
    before: { step: 90, value: nan },
    restart: 100,
    found: ["GN101 error 90–100 peak 90"],
  },
  { what: "a NaN at the restart's step is overwritten", before: { step: 100, value: nan }, restart: 100, found: [] },
  { what: "a NaN after the restart's step is overwritten", before: { step: 105, value: nan }, restart: 100, found: [] },
  {
    what: "a spike that was going on ends with the restart",
    before: { step: 105, value: 50 },
    restart: 106,
    found: ["GN201 error 105–106 peak 105"],
  },
  {
    what: "a spike long over ends where it ended",
    before: { step: 60, value: 50 },
    restart: 100,
    found: ["GN201 error 60–60 peak 60"],
  },
])("$what", ({ before, restart, found }) => {
  const steps = [...stepsFrom(0, 110), ...stepsFrom(restart, 100)];
  const values = CALM.slice(0, steps.length);
  values[before.step] = before.value;
  expect(findIn({ steps, values })).toEqual(found);
});

test("two restarts leave only what the second did not overwrite", () => {
  const steps = [...stepsFrom(0, 100), ...stepsFrom(90, 60), ...stepsFrom(50, 60)];
  const values = CALM.slice(0, steps.length);
  values[40] = nan;
  values[75] = nan; // Step 75 of the first segment: the second restart begins at 50.
  values[130] = nan; // Step 120 of the second segment.
  expect(findIn({ steps, values })).toEqual(["GN101 warning 40–40 peak 40"]);
});

test("after a restart 50 points must pass again before a spike counts", () => {
  const steps = [...stepsFrom(0, 200), ...stepsFrom(150, 60)];
  const calm = CALM.slice(0, steps.length);
  const at = (index: number): string[] => findIn({ steps, values: calm.with(index, 6) });
  expect([at(200 + 40), at(200 + 55)]).toEqual([[], ["GN201 warning 205– peak 205"]]);
});

test("a step that is logged twice starts no new segment", () => {
  const steps = stepsFrom(0, 200).map((step) => Math.floor(step / 2));
  const values = CALM.slice(0, 200).with(150, 6);
  expect(findIn({ steps, values })).toEqual(["GN201 warning 75–75 peak 75"]);
});

test("the first point of a log may have any step", () => {
  expect(findIn({ steps: stepsFrom(-5, 10), values: Array<number>(10).fill(0) })).toEqual(["GN206 error -5– peak -5"]);
});

test("no points have no episodes", () => {
  expect(createDetector().episodes().map(summarize)).toEqual([]);
});
