import { expect, test } from "vitest";
import type { LogFormat } from "#core/log.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { GLOBAL, batch, chunk } from "../support/logs.ts";

const STATE = { path: "/run/trainer_state.json", format: "trainerState" } as const;
const EVENTS = { path: "/run/events.out.tfevents.1.a", format: "tensorBoard" } as const;

const JSONL = { path: "/run/metrics.jsonl", format: "jsonl" } as const;

interface Stretch {
  readonly from: number;
  readonly until: number;
  /** What this log adds to the step: some count from 0, others from 1. */
  readonly shift?: number;
}

/** The norm at a step is its square, so logs that hold the same steps hold the same numbers. */
function append(run: Run, log: { path: string; format: LogFormat }, { from, until, shift = 0 }: Stretch): void {
  const steps = Array.from({ length: until - from + 1 }, (_, index) => from + index);
  const squares = steps.map((step) => step * step);
  run.append(
    log,
    batch([
      chunk(
        GLOBAL,
        steps.map((step) => step + shift),
        squares,
      ),
    ]),
  );
}

function beginAnew(run: Run, log: { path: string; format: LogFormat }, until: number): void {
  const steps = Array.from({ length: until }, (_, index) => index + 1);
  const squares = steps.map((step) => step * step);
  run.append(log, { ...batch([chunk(GLOBAL, steps, squares)]), restarted: true });
}

function shown(run: Run): unknown[] {
  return run
    .series()
    .map((one) => [one.path, one.counted({ from: -Infinity, until: Infinity }).steps.length, one.last()?.step]);
}

test("of the same numbers in two logs those that go further are shown: a state ends at the last save", () => {
  const run = createRun("/run");
  append(run, STATE, { from: 1, until: 30 });
  append(run, EVENTS, { from: 1, until: 60 });
  expect(shown(run)).toEqual([[EVENTS.path, 60, 60]]);
});

test("of two that go as far the more precise one is shown", () => {
  const run = createRun("/run");
  append(run, EVENTS, { from: 1, until: 60 });
  append(run, STATE, { from: 1, until: 60 });
  expect(shown(run)).toEqual([[STATE.path, 60, 60]]);
});

test("what only the shorter log has, because the other began at a resume, is shown before the longer one", () => {
  const run = createRun("/run");
  append(run, STATE, { from: 1, until: 60 });
  append(run, EVENTS, { from: 41, until: 70 });
  expect(shown(run)).toEqual([[EVENTS.path, 70, 70]]);
  const [series] = run.series();
  expect([series?.count(), series?.segments()]).toEqual([70, 1]);
  expect([20, 50].map((step) => [series?.valueAt(step), series?.placeAt(step)?.path])).toEqual([
    [400, STATE.path],
    [2500, EVENTS.path],
  ]);
});

test("steps counted from 0 and from 1 make neither of two logs the longer one", () => {
  const run = createRun("/run");
  append(run, STATE, { from: 1, until: 30 });
  append(run, EVENTS, { from: 1, until: 30, shift: 1 });
  expect(shown(run)).toEqual([[STATE.path, 30, 30]]);
});

test("a log that goes on while the one shown stands still is shown in its place", () => {
  const run = createRun("/run");
  append(run, JSONL, { from: 1, until: 30 });
  append(run, EVENTS, { from: 1, until: 30 });
  const before = shown(run);
  append(run, EVENTS, { from: 31, until: 31 });
  append(run, EVENTS, { from: 32, until: 32 });
  expect([before, shown(run)]).toEqual([[[JSONL.path, 30, 30]], [[EVENTS.path, 32, 32]]]);
});

test("the first row after a save is shown at once, and the state again with the next save", () => {
  const run = createRun("/run");
  append(run, EVENTS, { from: 1, until: 30 });
  append(run, STATE, { from: 1, until: 30 });
  const saved = shown(run);
  append(run, EVENTS, { from: 31, until: 31 });
  const afterwards = shown(run);
  beginAnew(run, STATE, 31);
  expect([saved, afterwards, shown(run)]).toEqual([
    [[STATE.path, 30, 30]],
    [[EVENTS.path, 31, 31]],
    [[STATE.path, 31, 31]],
  ]);
});

test("two logs that grow side by side do not take turns, whichever is read first", () => {
  const run = createRun("/run");
  append(run, JSONL, { from: 1, until: 30 });
  append(run, EVENTS, { from: 1, until: 30 });
  const [series] = run.series();
  const later = Array.from({ length: 20 }, (_, index) => {
    append(run, EVENTS, { from: 31 + index, until: 31 + index });
    append(run, JSONL, { from: 31 + index, until: 31 + index });
    return run.series()[0];
  });
  expect(later.every((one) => one === series)).toBe(true);
});

test("a log that is begun anew is shown, not those that have said nothing since, until they do", () => {
  const run = createRun("/run");
  append(run, JSONL, { from: 1, until: 60 });
  append(run, STATE, { from: 1, until: 60 });
  append(run, EVENTS, { from: 1, until: 60 });
  beginAnew(run, JSONL, 20);
  expect(shown(run)).toEqual([[JSONL.path, 20, 20]]);
  append(run, JSONL, { from: 21, until: 25 });
  expect(shown(run)).toEqual([[JSONL.path, 25, 25]]);
  append(run, EVENTS, { from: 61, until: 62 });
  expect(shown(run)).toEqual([[EVENTS.path, 62, 62]]);
});

test("a state that is saved anew, and goes further than before, makes no other log stale", () => {
  const run = createRun("/run");
  append(run, STATE, { from: 1, until: 30 });
  append(run, EVENTS, { from: 1, until: 60 });
  beginAnew(run, STATE, 50);
  expect(shown(run)).toEqual([[EVENTS.path, 60, 60]]);
});
