import { expect, test } from "vitest";
import { clipHistoryOf, normsIn } from "#analysis/clipping/history.ts";
import type { HistoryOptions } from "#analysis/clipping/history.ts";

interface Logged {
  readonly steps: readonly number[];
  readonly values: readonly number[];
  readonly rate?: (step: number) => number | undefined;
}

const counts = (
  { steps, values, rate = (): undefined => undefined }: Logged,
  options?: HistoryOptions,
): readonly [number, number, string] => {
  const history = clipHistoryOf({ steps, values, learningRateAt: rate }, options);
  const { norms: _, steps: __, start: ___, ...left } = history;
  const named = Object.entries(left).filter(([, count]) => count > 0);
  const norms = normsIn(history);
  return [norms.length, norms[0] ?? Number.NaN, named.map(([name, count]) => `${name} ${count}`).join(", ")];
};

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

test.each<{ what: string; logged: Logged; options?: HistoryOptions; expected: readonly [number, number, string] }>([
  {
    what: "the first 50 norms are the warm-up",
    logged: { steps: range(80), values: range(80).map((step) => step + 1) },
    expected: [30, 51, "warmUp 50"],
  },
  {
    what: "the warm-up counts when asked for",
    logged: { steps: range(80), values: range(80).map((step) => step + 1) },
    options: { withWarmUp: true },
    expected: [80, 1, ""],
  },
  {
    what: "a rising learning rate prolongs the warm-up",
    logged: { steps: range(100), values: range(100).map((step) => step + 1), rate: (step) => Math.min(step, 60) },
    expected: [20, 81, "warmUp 80"],
  },
  {
    what: "a rate that rises again later is no second warm-up",
    logged: { steps: range(100), values: range(100).map((step) => step + 1), rate: (step) => (step < 90 ? 1 : step) },
    expected: [50, 51, "warmUp 50"],
  },
  {
    what: "NaN, infinities, zeros and placeholders are counted and are no norms",
    logged: {
      steps: range(60),
      values: [Number.NaN, 0, 0, -1, Infinity, -Infinity, ...range(54).map((step) => step + 1)],
    },
    options: { withWarmUp: true },
    expected: [54, 1, "nan 1, infinite 2, zero 2, negative 1"],
  },
  {
    what: "a step that goes back starts anew",
    logged: { steps: [...range(100), ...range(60).map((step) => step + 40)], values: range(160).map((at) => at + 1) },
    expected: [10, 151, "warmUp 50"],
  },
  {
    what: "a step logged twice counts once, with its last value",
    logged: { steps: [1, 2, 2, 3], values: [1, 9, 5, 7] },
    options: { withWarmUp: true, last: 2 },
    expected: [2, 5, "older 1"],
  },
  {
    what: "only the last norms count",
    logged: { steps: range(3000), values: range(3000).map((step) => step + 1) },
    expected: [2000, 1001, "warmUp 50, older 950"],
  },
  {
    what: "what is before a change of level does not count",
    logged: { steps: range(300), values: range(300).map((step) => step + 1) },
    options: { fromStep: 200 },
    expected: [100, 201, "warmUp 50, beforeChange 150"],
  },
  {
    what: "a change of level during the warm-up leaves out nothing more",
    logged: { steps: range(300), values: range(300).map((step) => step + 1) },
    options: { fromStep: 20 },
    expected: [250, 51, "warmUp 50"],
  },
  { what: "an empty log has no norms", logged: { steps: [], values: [] }, expected: [0, Number.NaN, ""] },
])("$what", ({ logged, options, expected }) => {
  expect(counts(logged, options)).toEqual(expected);
});
