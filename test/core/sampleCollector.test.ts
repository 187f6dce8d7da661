import { expect, test } from "vitest";
import { createSampleCollector } from "#core/sampleCollector.ts";
import type { SampleCollector } from "#core/sampleCollector.ts";
import type { SeriesKey } from "#core/series.ts";

const keyOf = (name: string): SeriesKey => ({ kind: "other", name, tensor: null });

/** Every series as `[step, value, line]`. */
function samplesOf(collector: SampleCollector): Record<string, number[][]> {
  return Object.fromEntries(
    collector
      .finish()
      .map(({ name, steps, values, lines }) => [
        name,
        Array.from(steps, (step, at) => [step, values[at] ?? Number.NaN, lines[at] ?? Number.NaN]),
      ]),
  );
}

function rowsOf(steps: readonly number[]): number[][] {
  return steps.map((step) => [step, step, step + 100]);
}

test("series of the same rows share the arrays of their steps and lines", () => {
  const collector = createSampleCollector();
  const [loss, norm] = [collector.columnOf(keyOf("loss")), collector.columnOf(keyOf("norm"))];
  loss.add(1, 0.5, 0);
  norm.add(1, 2, 0);
  const values = Float64Array.of(2, 0.25, 3, 3, 0.125, 4);
  const columns = [
    { at: 1, column: loss },
    { at: 2, column: norm },
  ];
  collector.addRows({ values, width: 3, count: 2, firstLine: 1 }, 0, columns);
  const [first, second] = collector.finish();
  expect(first).toEqual({
    ...keyOf("loss"),
    steps: Float64Array.of(1, 2, 3),
    values: Float64Array.of(0.5, 0.25, 0.125),
    lines: Float64Array.of(0, 1, 2),
  });
  expect(second?.values).toEqual(Float64Array.of(2, 3, 4));
  expect([second?.steps, second?.lines]).toEqual([first?.steps, first?.lines]);
  expect(second?.steps).toBe(first?.steps);
});

test("a series that rows leave out, begin late, end early or have twice keeps its own steps and lines", () => {
  const collector = createSampleCollector();
  const [every, gaps, late, early, twice] = ["every", "gaps", "late", "early", "twice"].map((name) =>
    collector.columnOf(keyOf(name)),
  );
  for (let step = 0; step < 6; step += 1) {
    every?.add(step, step * 10, step + 100);
    [gaps, late, early][step % 3]?.add(step, step, step + 100);
    twice?.add(step, 1, step + 100);
    twice?.add(step, 2, step + 100);
  }
  expect(samplesOf(collector)).toEqual({
    every: rowsOf([0, 1, 2, 3, 4, 5]).map(([step = 0, value = 0, line = 0]) => [step, value * 10, line]),
    gaps: rowsOf([0, 3]),
    late: rowsOf([1, 4]),
    early: rowsOf([2, 5]),
    twice: [0, 1, 2, 3, 4, 5].flatMap((step) => [
      [step, 1, step + 100],
      [step, 2, step + 100],
    ]),
  });
});

test("memory that is used again carries nothing over, however long columns are", () => {
  const LENGTH = 20_000;
  for (const turn of [1, 2]) {
    const collector = createSampleCollector();
    const [one, other] = [collector.columnOf(keyOf("one")), collector.columnOf(keyOf("other"))];
    const values = Float64Array.from({ length: 2 * LENGTH }, (_, at) => at * turn);
    collector.addRows({ values, width: 2, count: LENGTH, firstLine: 7 }, 0, [{ at: 1, column: one }]);
    other.add(-1, turn, 0);
    collector.addRows({ values, width: 2, count: 5, firstLine: LENGTH }, 0, [{ at: 0, column: other }]);
    const samples = samplesOf(collector);
    expect(samples["one"]).toEqual(
      Array.from({ length: LENGTH }, (_, row) => [2 * row * turn, (2 * row + 1) * turn, row + 7]),
    );
    const last = [0, 1, 2, 3, 4].map((row) => [2 * row * turn, 2 * row * turn, row + LENGTH]);
    expect(samples["other"]).toEqual([[-1, turn, 0], ...last]);
  }
});
