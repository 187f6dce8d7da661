import { expect, test } from "vitest";
import { createSeries } from "#store/columns/logSeries.ts";
import type { Series } from "#store/series.ts";
import { GLOBAL, chunk } from "../../support/logs.ts";

function seriesOf(...parts: readonly (readonly number[])[]): Series {
  const series = createSeries(GLOBAL);
  let appended = 0;
  for (const steps of parts) {
    series.append(
      chunk(
        GLOBAL,
        steps,
        steps.map((_, index) => appended + index),
      ),
    );
    appended += steps.length;
  }
  return series;
}

test.each([
  { what: "no steps", parts: [], segments: 0 },
  { what: "an empty chunk", parts: [[]], segments: 0 },
  { what: "ascending steps", parts: [[1, 2], [3]], segments: 1 },
  {
    what: "a step logged twice",
    parts: [
      [1, 2],
      [2, 3],
    ],
    segments: 1,
  },
  { what: "a step back inside a chunk", parts: [[1, 2, 1]], segments: 2 },
  { what: "a step back between chunks", parts: [[1, 2], [], [1, 2, 0]], segments: 3 },
])("$what are $segments segments", ({ parts, segments }) => {
  expect(seriesOf(...parts).segments()).toBe(segments);
});

test.each([
  { what: "a step that is there", parts: [[1, 2, 3]], step: 2, value: 1 },
  { what: "a step between", parts: [[1, 2, 3]], step: 2.5, value: undefined },
  { what: "a step before the first", parts: [[1, 2, 3]], step: 0, value: undefined },
  { what: "a step after the last", parts: [[1, 2, 3]], step: 4, value: undefined },
  { what: "a step of an empty series", parts: [], step: 1, value: undefined },
  {
    what: "a step logged three times",
    parts: [
      [1, 2, 2],
      [2, 3],
    ],
    step: 2,
    value: 3,
  },
  { what: "a step that a restart wrote again", parts: [[1, 2, 3, 4, 5, 6, 3, 4]], step: 3, value: 6 },
  { what: "a step that a restart has not reached", parts: [[1, 2, 3, 4, 5, 6, 3, 4]], step: 5, value: 4 },
  { what: "a step before the restart", parts: [[1, 2, 3, 4, 5, 6, 3, 4]], step: 2, value: 1 },
  { what: "a step the second of two restarts wrote", parts: [[1, 2, 3], [2, 3], [3]], step: 3, value: 5 },
  { what: "a step the first of two restarts wrote", parts: [[1, 2, 3], [2, 3], [3]], step: 2, value: 3 },
  {
    what: "a step the restart skipped",
    parts: [
      [1, 2, 3, 4],
      [1, 4],
    ],
    step: 3,
    value: 2,
  },
])("$what has the value written last: $value", ({ parts, step, value }) => {
  expect(seriesOf(...parts).valueAt(step)).toBe(value);
});

test("a series printed with few digits knows how small its zeros may be", () => {
  const series = createSeries(GLOBAL);
  const before = series.resolution();
  for (const resolution of [0.0005, 0.005, 0.00005]) {
    series.append({ ...chunk(GLOBAL, [1], [0]), resolution });
  }
  series.append(chunk(GLOBAL, [2], [0]));
  expect([before, series.resolution()]).toEqual([undefined, 0.005]);
});

test("what counts is a view while no segment follows another, and else their parts", () => {
  const whole = seriesOf([0, 1, 2, 3]).counted({ from: 1, until: 3 });
  const restarted = seriesOf([0, 1, 2, 3], [2, 4]).counted({ from: 1, until: 9 });
  expect([Array.from(whole.steps), Array.from(restarted.steps), Array.from(restarted.values)]).toEqual([
    [1, 2],
    [1, 2, 4],
    [1, 4, 5],
  ]);
});
