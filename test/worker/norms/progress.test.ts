import { expect, test } from "vitest";
import type { NormsProgress } from "#protocol/workerAnswers.ts";
import { createProgress } from "#worker/norms/progress.ts";
import { createTimeLeft } from "#worker/norms/timeLeft.ts";

/** What is said at each of the times, of 1000 bytes in all. */
function leftAt(...seen: readonly (readonly [seconds: number, doneBytes: number])[]): (number | null)[] {
  let nowMs = 5000;
  const timeLeft = createTimeLeft(1000, () => nowMs);
  return seen.map(([seconds, doneBytes]) => {
    nowMs = 5000 + 1000 * seconds;
    return timeLeft(doneBytes);
  });
}

test.each([
  { what: "in the first half second", seen: [0.499, 499], left: null },
  { what: "after half a second", seen: [0.5, 500], left: 0.5 },
  { what: "before two percent are done", seen: [10, 19], left: null },
  { what: "when two percent are done", seen: [10, 20], left: 490 },
  { what: "at the end", seen: [2, 1000], left: 0 },
] as const)("$what $left seconds are left", ({ seen, left }) => {
  expect(leftAt(seen)).toEqual([left]);
});

/** A look per tenth of a second: ten bytes a second for two seconds, then 200. */
const SLOW_START = Array.from({ length: 60 }, (_, index) => {
  const seconds = (index + 1) / 10;
  return [seconds, Math.round(10 * Math.min(seconds, 2) + 200 * Math.max(0, seconds - 2))] as const;
});

test("three seconds after a slow start it is forgotten", () => {
  const left = leftAt(...SLOW_START).map((seconds) => seconds?.toFixed(2));
  const truth = SLOW_START.map(([seconds]) => (2 + 980 / 200 - seconds).toFixed(2));
  expect([left[30], left.slice(49)]).toEqual(["9.54", truth.slice(49)]);
});

test("while nothing comes it cannot be said, and then it can again", () => {
  expect(leftAt([1, 500], [2, 500], [3, 500], [4, 500], [5, 600])).toEqual([1, 2, 3, null, 12]);
});

test("nothing to do leaves no time that could be said", () => {
  expect(createTimeLeft(0, () => 0)(0)).toBe(null);
});

test("progress is reported at most every 50 ms, with the bytes and the seconds left by the given clock", () => {
  let nowMs = 0;
  const reports: NormsProgress[] = [];
  const progress = createProgress(
    1000,
    (report) => reports.push(report),
    () => nowMs,
  );
  for (const [atMs, bytes] of [
    [40, 10],
    [50, 100],
    [99, 150],
    [500, 500],
  ] as const) {
    nowMs = atMs;
    progress.advance(bytes);
  }
  expect(reports).toEqual([
    { doneBytes: 100, totalBytes: 1000, secondsLeft: null, tensors: [] },
    { doneBytes: 500, totalBytes: 1000, secondsLeft: 0.5, tensors: [] },
  ]);
});
