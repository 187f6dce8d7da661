import { expect, test } from "vitest";
import { compareAtRestarts } from "#analysis/consistency/atRestarts.ts";
import { compareRuns } from "#analysis/consistency/betweenRuns.ts";
import { matchFactor, ratioOf } from "#analysis/consistency/ratio.ts";
import type { Curve, Suspicion } from "#analysis/consistency/suspicion.ts";
import { noisyNorms } from "../../support/norms.ts";

function curve(values: readonly number[], firstStep = 0): Curve {
  return { steps: values.map((_, index) => firstStep + index), values };
}

/** Every value times a factor, and 1 % of noise that is not the same. */
function scaled(values: readonly number[], factor: number, noise = 0.01): number[] {
  const own = noisyNorms(values.length, { sigma: noise, seed: 99 });
  return values.map((value, index) => value * factor * (own[index] ?? 1));
}

test.each([
  { ratio: 1.41, texts: ["√2"] },
  { ratio: 1.44, texts: ["√2"] },
  { ratio: 1.5, texts: [] },
  { ratio: 1, texts: [] },
  { ratio: 2, texts: ["√4", "2", "2^1"] },
  { ratio: 3, texts: ["3"] },
  { ratio: 2.449, texts: ["√6"] },
  { ratio: 65_536, texts: ["2^16"] },
  { ratio: 8, texts: ["√64", "8", "2^3"] },
  { ratio: 7, texts: ["√48"] },
  { ratio: 5, texts: [] },
])("a ratio of $ratio matches $texts", ({ ratio, texts }) => {
  expect(matchFactor(ratio).map(({ text }) => text)).toEqual(texts);
});

test("a ratio leaves out what has none: NaN, ±Inf, zeros and placeholders", () => {
  const values = [Number.NaN, Infinity, 0, -1, 4];
  expect(ratioOf(values.map((a, step) => ({ step, a, b: 2 })))).toEqual({ value: 2, spread: 0, pairs: 1 });
});

const RUN = noisyNorms(100, { sigma: 0.3 });

function between(values: readonly number[], firstStep = 0): Suspicion | undefined {
  return compareRuns({ name: "4 GPUs", ...curve(RUN) }, { name: "8 GPUs", ...curve(values, firstStep) });
}

test.each([
  { what: "the same run", values: RUN, kind: undefined },
  { what: "√2 smaller", values: scaled(RUN, Math.SQRT1_2), kind: "ratioBetweenRuns" },
  { what: "8 times larger", values: scaled(RUN, 8), kind: "ratioBetweenRuns" },
  { what: "2^16 times larger", values: scaled(RUN, 65_536), kind: "ratioBetweenRuns" },
  { what: "1.2 times larger", values: scaled(RUN, 1.2), kind: undefined },
  { what: "√2 smaller, but with noise of its own", values: scaled(RUN, Math.SQRT1_2, 0.2), kind: undefined },
  { what: "√2 smaller at 19 steps", values: scaled(RUN, Math.SQRT1_2).slice(0, 19), kind: undefined },
  { what: "√2 smaller at 20 steps", values: scaled(RUN, Math.SQRT1_2).slice(0, 20), kind: "ratioBetweenRuns" },
])("a run $what: $kind", ({ values, kind }) => {
  expect(between(values)?.kind).toEqual(kind);
});

test("runs without common steps have no ratio", () => {
  expect(between(RUN, 1000)).toEqual(undefined);
});

test("the sentence between runs names both, the factor and its causes", () => {
  const found = between(RUN.map((value) => value * Math.SQRT1_2));
  expect(found).toEqual({
    kind: "ratioBetweenRuns",
    isProven: false,
    sentence:
      "Suspect because the norms of 4 GPUs are the same multiple of those of 8 GPUs at 100 common steps (spread 0 %): 1.414× is √2 if the other is the norm of one of 2 shards. Noise falls with the root of the batch size, but not by one factor at every step.",
    evidence: expect.objectContaining({ count: 100, of: 100, firstStep: 0, lastStep: 99 }) as unknown,
  });
});

const CALM = noisyNorms(200, { sigma: 0.05 });

function restart(factor: number, at: number): readonly Suspicion[] {
  const isRepeated = at < CALM.length;
  const later = isRepeated ? CALM.slice(at) : noisyNorms(100, { sigma: 0.05, seed: 5 });
  return compareAtRestarts([
    curve(CALM),
    curve(
      later.map((norm) => norm * factor),
      at,
    ),
  ]);
}

test.each([
  { what: "as before, going back 50 steps", factor: 1, at: 150, found: [] },
  {
    what: "half as large, going back 50 steps",
    factor: 0.5,
    at: 150,
    found: [
      "Suspect because norms are smaller since the restart at step 150 (50 steps logged twice, spread 0 %): 2× is √4 if the other is the norm of one of 4 shards, or 2 if it is of a sum over 2 micro-batches or processes where the other is of their mean, or 2^1 if it was measured before a loss scale was divided out.",
    ],
  },
  { what: "1.2 times as large, going on", factor: 1.2, at: 200, found: [] },
])("norms $what, at a restart: $found", ({ factor, at, found }) => {
  expect(restart(factor, at).map(({ sentence }) => sentence)).toEqual(found);
});

test("a run that goes on at another level is compared by level", () => {
  const [found] = restart(Math.sqrt(8), 200);
  expect(found).toEqual({
    kind: "ratioAtRestart",
    isProven: false,
    sentence: expect.stringMatching(
      /^Suspect because norms are larger since the restart at step 200 \(the level of 50 points before and after\): 2\.\d+× is √8 if/,
    ) as unknown,
    evidence: expect.objectContaining({ count: 50, of: 50, firstStep: 200, lastStep: 200 }) as unknown,
  });
});

test("a level that is too noisy to know says nothing", () => {
  const noisy = noisyNorms(100, { sigma: 0.5 });
  expect(
    compareAtRestarts([
      curve(noisy),
      curve(
        noisy.map((value) => value * 2),
        100,
      ),
    ]),
  ).toEqual([]);
});
