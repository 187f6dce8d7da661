import { expect, test } from "vitest";
import { createSkipCount } from "#analysis/points/skipCount.ts";
import type { RuleId } from "#core/rules.ts";
import { detect, findIn } from "../../support/norms.ts";

const { NaN: nan } = Number;
const ones = (length: number): number[] => Array<number>(length).fill(1);
const only = (rule: RuleId): { enabled: ReadonlySet<RuleId> } => ({ enabled: new Set([rule]) });

test.each([
  {
    what: "a running total",
    points: [{ skippedSteps: 0 }, { skippedSteps: 2 }, { skippedSteps: 2 }],
    counts: [0, 2, 0],
  },
  {
    what: "a number per line",
    points: [{ skippedSteps: 1 }, { skippedSteps: 0 }, { skippedSteps: 3 }],
    counts: [1, 0, 3],
  },
  { what: "NaN steps", points: [{ nanSteps: 0 }, { nanSteps: 1 }], counts: [0, 1] },
  { what: "a scale that is halved twice", points: [{ lossScale: 1024 }, {}, { lossScale: 256 }], counts: [0, 0, 2] },
  { what: "a scale that grows", points: [{ lossScale: 1024 }, { lossScale: 2048 }], counts: [0, 0] },
  { what: "a scale that is set anew", points: [{ lossScale: 1024 }, { lossScale: 1000 }], counts: [0, 0] },
  { what: "a scale of -1, which means none", points: [{ lossScale: -1 }, { lossScale: -2 }], counts: [0, 0] },
  {
    what: "a skip that counter and scale both tell",
    points: [
      { lossScale: 1024, skippedSteps: 0 },
      { lossScale: 512, skippedSteps: 1 },
    ],
    counts: [0, 1],
  },
  { what: "a counter that is NaN", points: [{ skippedSteps: nan }, { skippedSteps: 1 }], counts: [0, 1] },
])("$what counts as $counts skipped steps", ({ points, counts }) => {
  const skips = createSkipCount();
  const logged: readonly Partial<Record<"lossScale" | "skippedSteps" | "nanSteps", number>>[] = points;
  const log = {
    lossScaleAt: (step: number) => logged[step]?.lossScale,
    skippedStepsAt: (step: number) => logged[step]?.skippedSteps,
    nanStepsAt: (step: number) => logged[step]?.nanSteps,
  };
  const found = points.map((_, step) => skips.push(log, step));
  expect(found).toEqual(counts);
});

test.each([
  {
    what: "the skip is logged with the NaN",
    skippedStepsAt: (step: number) => (step >= 30 ? 1 : 0),
    found: ["GN101 warning 30– peak 30"],
  },
  {
    what: "the skip is logged one point later",
    skippedStepsAt: (step: number) => (step >= 31 ? 1 : 0),
    found: ["GN101 warning 30– peak 30"],
  },
  {
    what: "a skip is logged two points later",
    skippedStepsAt: (step: number) => (step >= 32 ? 1 : 0),
    found: ["GN101 error 30– peak 30"],
  },
  { what: "no skip is logged", skippedStepsAt: () => 0, found: ["GN101 error 30– peak 30"] },
])("a NaN that has become finite again, where $what: $found", ({ skippedStepsAt, found }) => {
  expect(findIn({ values: [...ones(30), nan, ...ones(3)], skippedStepsAt })).toEqual(found);
});

test("two steps that the scaler skipped one after the other are both known as skipped", () => {
  const values = [...ones(30), Infinity, Infinity, ...ones(3)];
  const scales = [65_536, 32_768, 16_384];
  const [episode] = detect({ values, lossScaleAt: (step) => scales[Math.min(2, Math.max(0, step - 30))] }).episodes();
  expect([episode?.severity, episode?.message]).toEqual([
    "warning",
    "Gradient norm became Inf at step 30; 2 non-finite values so far, 2 of them skipped by the loss scaler, finite again for 3 points.",
  ]);
});

test("a scaler that skips does not excuse a norm that stays NaN", () => {
  const found = findIn({ values: [...ones(30), nan, nan], skippedStepsAt: (step) => Math.max(0, step - 29) });
  expect(found).toEqual(["GN101 error 30– peak 30"]);
});

/** Infinite at every so many of 1300 points after the first 100. */
function overflowing(every: number): number[] {
  return Array.from({ length: 1300 }, (_, step) => (step >= 100 && step % every === 0 ? Infinity : 1));
}

test.each([
  { every: 50, scale: 65_536, found: ["GN102 warning 600– peak 600"] },
  { every: 100, scale: 65_536, found: [] },
  { every: 50, scale: 1, found: [] },
  { every: 50, scale: undefined, found: [] },
])("one overflow in $every steps with a loss scale of $scale gives $found", ({ every, scale, found }) => {
  expect(findIn({ values: overflowing(every), lossScaleAt: () => scale }, only("GN102"))).toEqual(found);
});

test("the overflow rate is that of steps, where a point stands for several", () => {
  const steps = Array.from({ length: 1300 }, (_, index) => index * 10);
  const rateOf = (skips: number): number | undefined =>
    detect(
      { values: ones(1300), steps, lossScaleAt: () => 1024, skippedStepsAt: (step) => (step / 10) * skips },
      only("GN102"),
    ).episodes()[0]?.value;
  expect([rateOf(0), rateOf(2)]).toEqual([undefined, expect.closeTo(0.2, 10)]);
});

test("the rate is told in percent, and that of the first 100 points does not count", () => {
  const values = [...Array<number>(100).fill(Infinity), ...overflowing(20).slice(100)];
  const [episode] = detect({ values, lossScaleAt: () => 2 }, only("GN102")).episodes();
  expect(episode?.start).toBe(300);
  expect(episode?.message).toMatch(/^5\.\d+ % of recent steps overflowed; the loss scale cannot settle\.$/);
});

const PI = 3.14159274;

test.each([
  { what: "-1", values: [1, -1, 1], found: ["GN103 warning 1– peak 1"] },
  { what: "-Infinity, which is no number", values: [1, -Infinity, 1], found: [] },
  { what: "a skipped step with the value before", values: [1.7, PI, PI], found: ["GN103 warning 2– peak 2"] },
  { what: "a skipped step with another value", values: [1.7, PI, 3.2], found: [] },
  { what: "a skipped step with a bfloat16 value", values: [1.7, 3.140625, 3.140625], found: [] },
  { what: "a skipped step with a printed value", values: [1.7, PI, PI], resolution: 0.005, found: [] },
])("$what gives $found", ({ values, resolution, found }) => {
  const training = { values, skippedStepsAt: (step: number) => (step === 2 ? 1 : 0) };
  expect(findIn(resolution === undefined ? training : { ...training, resolution }, only("GN103"))).toEqual(found);
});

test("a value that repeats without a skipped step is no placeholder", () => {
  expect(findIn({ values: [1.7, PI, PI] }, only("GN103"))).toEqual([]);
});

test.each([
  {
    values: [1, -1, -1],
    message:
      "Norm -1 at step 1 is a placeholder: a norm is never negative, and some trainers log this in place of NaN or Inf. 2 such values so far.",
  },
  {
    values: [1.7, PI, PI],
    message: "Norm 3.142 at step 2 repeats the one before although the step was skipped: it is a stale value.",
  },
])("of $values people are told: $message", ({ values, message }) => {
  const training = { values, skippedStepsAt: (step: number) => (step === 2 ? 1 : 0) };
  expect(detect(training, only("GN103")).episodes()[0]?.message).toBe(message);
});

function stepped(changes: readonly (readonly [step: number, factor: number])[]): number[] {
  return Array.from({ length: 4500 }, (_, step) =>
    changes.reduce((value, [from, factor]) => (step >= from ? value * factor : value), 1 + 0.1 * Math.sin(step * 1.7)),
  );
}

test.each([
  {
    what: "doubles 2000 steps apart",
    values: stepped([
      [400, 2],
      [2400, 2],
    ]),
    found: 1,
  },
  {
    what: "doubles 1998 steps apart",
    values: stepped([
      [400, 2],
      [2398, 2],
    ]),
    found: 1,
  },
  {
    what: "doubles 1900 steps apart",
    values: stepped([
      [400, 2],
      [2300, 2],
    ]),
    found: 0,
  },
  {
    what: "halves, and doubles 2000 steps later",
    values: stepped([
      [400, 0.5],
      [2400, 2],
    ]),
    found: 1,
  },
  {
    what: "halves twice",
    values: stepped([
      [400, 0.5],
      [2400, 0.5],
    ]),
    found: 0,
  },
  { what: "doubles once", values: stepped([[400, 2]]), found: 0 },
  {
    what: "triples 2000 steps apart",
    values: stepped([
      [400, 3],
      [2400, 3],
    ]),
    found: 0,
  },
])("a norm that $what gives $found findings of unscaled gradients", ({ values, found }) => {
  expect(detect({ values }, only("GN405")).episodes()).toHaveLength(found);
});

test.each([
  { what: "with it", scaleChanges: [400, 1000], found: 1 },
  { what: "without it", scaleChanges: [], found: 0 },
])(
  "a norm that doubles twice while the loss scale is logged and changes $what gives $found",
  ({ scaleChanges, found }) => {
    const values = stepped([
      [400, 2],
      [1000, 2],
    ]);
    const lossScaleAt = (step: number): number => 1024 * 2 ** scaleChanges.filter((from) => step >= from).length;
    expect(detect({ values, lossScaleAt }, only("GN405")).episodes()).toHaveLength(found);
  },
);

test("of unscaled gradients people are told what the norm does, and what may be the cause", () => {
  const values = stepped([400, 2400].map((step) => [step, 2]));
  const [episode] = detect({ values }, only("GN405")).episodes();
  expect(episode).toEqual({
    rule: "GN405",
    severity: "warning",
    start: 400,
    peak: 400,
    end: null,
    value: episode?.value,
    limit: 2,
    message: "Norm doubles or halves as a loss scale does, 2 times so far: it may be measured before unscale_.",
    line: 400,
  });
  expect(episode?.value).toBeCloseTo(2, 1);
});
