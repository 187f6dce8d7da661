import { expect, test } from "vitest";
import type { DetectorOptions } from "#analysis/detectorOptions.ts";
import type { RuleId } from "#core/rules.ts";
import { detect, findIn, noisyNorms } from "../../support/norms.ts";

// Rules about how norms repeat, what follows them, and what clipping does to them.

const only = (rule: RuleId): DetectorOptions => ({ enabled: new Set([rule]) });

function wave(period: number, length: number): number[] {
  return noisyNorms(length, { sigma: 0.2 }).map(
    (value, step) => value * Math.exp(0.4 * Math.sin((2 * Math.PI * step) / period)),
  );
}

test.each([5, 37, 120, 240])("a period of %d points is found, and not a multiple of it", (period) => {
  const [episode] = detect({ values: wave(period, 1000) }, only("GN208")).episodes();
  const found = Number(/≈(\d+) points/.exec(episode?.message ?? "")?.[1]);
  expect(Math.abs(found - period)).toBeLessThanOrEqual(Math.max(1, period / 20));
});

test.each([
  { what: "999 points of a wave", values: wave(37, 999) },
  { what: "noise", values: noisyNorms(3000, { sigma: 0.3 }) },
  { what: "noise that wanders", values: noisyNorms(3000, { sigma: 0.3, phi: 0.98 }) },
  { what: "a straight rise", values: Array.from({ length: 1000 }, (_, step) => Math.exp(step / 500)) },
  { what: "a constant", values: Array<number>(1000).fill(2) },
])("$what has no period", ({ values }) => {
  expect(findIn({ values }, only("GN208"))).toEqual([]);
});

test("a period that goes on is one episode, and ends with the thousand points that have none", () => {
  const values = [...wave(37, 2000), ...noisyNorms(1000)];
  const [whole, cut] = [values, values.slice(0, 2000)].map((series) => findIn({ values: series }, only("GN208")));
  expect([cut, whole]).toEqual([["GN208 info 0– peak 0"], ["GN208 info 0–1999 peak 0"]]);
});

/** Norms that spike at some steps, with a loss that spikes as many steps later. */
function followed(spikes: readonly number[], lead: number): { values: number[]; lossAt: (step: number) => number } {
  const isSpike = (step: number): boolean => spikes.includes(step);
  const values = noisyNorms(800).map((value, step) => (isSpike(step) ? value * 8 : value));
  return { values, lossAt: (step) => 2 + 0.01 * Math.sin(step) + (isSpike(step - lead) ? 1 : 0) };
}

test.each([
  { spikes: [200, 400, 600], lead: 3, found: ["GN209 info 203– peak 203"] },
  { spikes: [200, 400, 600], lead: 10, found: ["GN209 info 210– peak 210"] },
  { spikes: [200, 400, 600], lead: 11, found: [] },
  { spikes: [200, 400, 600], lead: 0, found: [] },
  { spikes: [200, 400], lead: 3, found: [] },
])("loss spikes $lead steps after the gradient's at $spikes give $found", ({ spikes, lead, found }) => {
  expect(findIn(followed(spikes, lead), only("GN209"))).toEqual(found);
});

test("how many loss spikes followed is told with the median lead", () => {
  expect(detect(followed([200, 400, 600], 3), only("GN209")).episodes()[0]?.message).toBe(
    "3 of 3 loss spikes were preceded by a gradient spike, median lead 3 steps.",
  );
});

test("loss spikes of their own do not follow the gradient", () => {
  const { lossAt } = followed([203, 300, 500], 0);
  expect(findIn({ values: followed([200], 0).values, lossAt }, only("GN209"))).toEqual([]);
});

const CALM = noisyNorms(400);

test.each([
  { threshold: 100, points: 249, message: undefined },
  { threshold: 100, points: 250, message: "The clip threshold 100 cuts 0 % of steps, so it acts as no limit." },
  {
    threshold: 0.1,
    points: 400,
    message: "The clip threshold 0.1 cuts 100 % of steps, so it acts as gradient normalisation.",
  },
  { threshold: 1, points: 400, message: undefined },
  { threshold: undefined, points: 400, message: undefined },
])(
  "of $points norms around 1 under a threshold of $threshold people are told: $message",
  ({ threshold, points, message }) => {
    const found = detect({ values: CALM.slice(0, points) }, { ...only("GN401"), threshold }).episodes();
    expect(found[0]?.message).toBe(message);
  },
);

test.each([
  { state: "pre", found: 1 },
  { state: "undetermined", found: 1 },
  { state: "post", found: 0 },
] as const)("a threshold that cuts nothing of a log from $state clipping gives $found findings", ({ state, found }) => {
  const options = { ...only("GN401"), threshold: 100, clipState: () => state };
  expect(detect({ values: CALM }, options).episodes()).toHaveLength(found);
});

test("a threshold that begins to cut ends the finding", () => {
  const values = [...CALM, ...noisyNorms(60).map((value) => value * 200)];
  expect(findIn({ values }, { ...only("GN401"), threshold: 100 })[0]).toMatch(/^GN401 info 249–40\d /);
});
