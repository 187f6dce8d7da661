import { expect, test } from "vitest";
import { isBfloat16 } from "#analysis/rules/bfloat16.ts";
import { contextOf } from "#analysis/points/logContext.ts";
import type { RuleId } from "#core/rules.ts";
import type { SeriesKey } from "#core/series.ts";
import { detect, findIn, noisyNorms } from "../support/norms.ts";

// Rules that doubt the log rather than the training.

const only = (rule: RuleId): { enabled: ReadonlySet<RuleId> } => ({ enabled: new Set([rule]) });

test.each([
  { value: 1.4609375, is: true },
  { value: 1.1796875, is: true },
  { value: 187 / 128 / 2 ** 30, is: true },
  { value: 255, is: true },
  { value: 257, is: false },
  { value: 1.46, is: false },
  { value: 0, is: true },
  { value: Infinity, is: false },
  { value: Number.NaN, is: false },
])("that bfloat16 represents $value exactly is $is", ({ value, is }) => {
  expect(isBfloat16(value)).toBe(is);
});

const rounded = noisyNorms(100).map((value) => Math.round(value * 64) / 64);

test.each([
  { what: "30 rounded norms", values: rounded.slice(0, 30), found: ["GN105 info 0– peak 0"] },
  { what: "29 rounded norms", values: rounded.slice(0, 29), found: [] },
  {
    what: "95 rounded norms of 100",
    values: rounded.with(3, 1.001).with(4, 1.002).with(5, 1.003).with(6, 1.004).with(7, 1.005),
    found: ["GN105 info 0– peak 0"],
  },
  { what: "norms as computed", values: noisyNorms(100), found: [] },
  { what: "nine numbers that repeat", values: Array.from({ length: 99 }, (_, step) => 1 + (step % 9) / 16), found: [] },
])("$what: $found", ({ values, found }) => {
  expect(findIn({ values }, only("GN105"))).toEqual(found);
});

test("norms printed with few digits are not taken for rounded ones", () => {
  expect(findIn({ values: rounded, resolution: 0.005 }, only("GN105"))).toEqual([]);
});

const repeated = (count: number, value = 0.7): number[] => [
  ...noisyNorms(30),
  ...Array<number>(count).fill(value),
  1.1,
];

test.each([
  { what: "19 equal norms", values: repeated(19), found: [] },
  { what: "20 equal norms", values: repeated(20), found: ["GN207 info 30–49 peak 30"] },
  {
    what: "20 equal norms with NaN among them",
    values: repeated(20).toSpliced(40, 0, Number.NaN),
    found: ["GN207 info 30–50 peak 30"],
  },
  { what: "20 zeros", values: repeated(20, 0), found: [] },
])("$what: $found", ({ values, found }) => {
  expect(findIn({ values }, only("GN207"))).toEqual(found);
});

test.each([
  { threshold: 0.7, found: 0 },
  { threshold: 0.701, found: 0 },
  { threshold: 0.71, found: 1 },
  { threshold: undefined, found: 1 },
])("20 norms of 0.7 under a clip threshold of $threshold give $found findings", ({ threshold, found }) => {
  expect(detect({ values: repeated(20) }, { ...only("GN207"), threshold }).episodes()).toHaveLength(found);
});

test.each([
  { resolution: 0.0005, found: 1 },
  { resolution: 0.05, found: 0 },
])("20 norms of 0.7 printed to $resolution give $found findings", ({ resolution, found }) => {
  expect(detect({ values: repeated(20), resolution }, only("GN207")).episodes()).toHaveLength(found);
});

test("a number that stays the same is told with how often it came", () => {
  expect(detect({ values: repeated(25) }, only("GN207")).episodes()[0]?.message).toBe(
    "The logged norm has been 0.7 for 25 points; it may not be recomputed.",
  );
});

test.each([
  { what: "equal", others: [1, 1], found: [] },
  { what: "a thousandth apart", others: [1.0009], found: [] },
  { what: "further apart", others: [1.002], found: ["GN104 warning 0– peak 0"] },
  { what: "NaN on one rank", others: [1, Number.NaN], found: ["GN104 warning 0– peak 0"] },
  { what: "not logged", others: [], found: [] },
])("norms of other ranks that are $what give $found", ({ others, found }) => {
  expect(findIn({ values: [1, 1], rankNormsAt: () => others }, only("GN104"))).toEqual(found);
});

test("norms of ranks that differ by their last printed digit agree", () => {
  const training = { values: [0.01, 0.01], rankNormsAt: () => [0.011] };
  expect([findIn({ ...training, resolution: 0.0005 }, only("GN104")), findIn(training, only("GN104")).length]).toEqual([
    [],
    1,
  ]);
});

test("ranks that differ are told with the norm of the whole, were each a shard", () => {
  expect(detect({ values: [3], rankNormsAt: () => [4, 12] }, only("GN104")).episodes()[0]?.message).toBe(
    "Ranks log different norms at step 0: 3, 4, 12. If each is a local shard, the global norm is 13.",
  );
});

function seriesOf(
  key: Partial<SeriesKey>,
  value: number | undefined,
): { key: SeriesKey; valueAt: () => number | undefined } {
  return { key: { kind: "other", name: "x", tensor: null, ...key }, valueAt: () => value };
}

test("what the rules want to know is found among the series of a run, ranks by their name", () => {
  const norm: SeriesKey = { kind: "globalNorm", name: "grad_norm", tensor: null };
  const series = [
    seriesOf({ kind: "loss", name: "loss" }, 2),
    seriesOf({ kind: "loss", name: "eval_loss" }, 3),
    seriesOf(norm, 1),
    seriesOf({ ...norm, name: "grad_norm (rank 3)" }, 4),
    seriesOf({ ...norm, name: "grad_norm (rank 5)" }, undefined),
    seriesOf({ ...norm, name: "other_norm (rank 3)" }, 5),
    seriesOf({ kind: "lossScale", name: "scale" }, 1024),
  ];
  const context = contextOf({ ofKind: (kind) => series.filter(({ key }) => key.kind === kind) }, norm);
  expect([context.lossAt?.(1), context.lossScaleAt?.(1), context.rankNormsAt?.(1), context.skippedStepsAt]).toEqual([
    2,
    1024,
    [4],
    undefined,
  ]);
});
