import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPoller } from "#following/poller.ts";
import type { Poller } from "#following/poller.ts";

const INTERVAL_MS = 1000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Watched {
  readonly poller: Poller;
  readonly times: number[];
  readonly errors: unknown[];
}

/** A poller whose task notes when it ran. */
function watch(task: () => Promise<boolean>): Watched {
  const [times, errors]: [number[], unknown[]] = [[], []];
  const start = Date.now();
  const run = async (): Promise<boolean> => {
    times.push(Date.now() - start);
    return task();
  };
  const poller = createPoller(run, { intervalMs: () => INTERVAL_MS, onError: (error) => errors.push(error) });
  return { poller, times, errors };
}

test("a task that finds something runs at the interval, the first time at once", async () => {
  const { poller, times } = watch(async () => true);
  await vi.advanceTimersByTimeAsync(30 * INTERVAL_MS);
  poller.dispose();
  expect(times).toEqual(Array.from({ length: 31 }, (_, index) => index * INTERVAL_MS));
});

test("a task that finds nothing runs less and less often, at every 15th interval in the end", async () => {
  const { poller, times } = watch(async () => false);
  await vi.advanceTimersByTimeAsync(300 * INTERVAL_MS);
  poller.dispose();
  const pauses = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / INTERVAL_MS);
  expect(pauses.slice(0, 28)).toEqual([
    ...Array<number>(11).fill(1),
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    15,
    15,
    15,
  ]);
});

test("a nudge runs a quiet task at once and brings the interval back", async () => {
  const { poller, times } = watch(async () => false);
  await vi.advanceTimersByTimeAsync(200 * INTERVAL_MS);
  times.length = 0;
  poller.nudge();
  await vi.advanceTimersByTimeAsync(2 * INTERVAL_MS);
  poller.dispose();
  expect(times.map((time) => time / INTERVAL_MS)).toEqual([200, 201, 202]);
});

test("a nudge during a run leads to one more run right after it, however many nudges there were", async () => {
  const gate = Promise.withResolvers<boolean>();
  let isFirst = true;
  const { poller, times } = watch(async () => {
    if (isFirst) {
      isFirst = false;
      return gate.promise;
    }
    return true;
  });
  poller.nudge();
  poller.nudge();
  await vi.advanceTimersByTimeAsync(5 * INTERVAL_MS);
  const during = times.length;
  gate.resolve(true);
  await vi.advanceTimersByTimeAsync(0);
  poller.dispose();
  expect([during, times]).toEqual([1, [0, 5 * INTERVAL_MS]]);
});

test("a task that fails is reported and goes on", async () => {
  let runs = 0;
  const { poller, errors } = watch(async () => {
    runs += 1;
    throw new Error(`run ${runs}`);
  });
  await vi.advanceTimersByTimeAsync(2 * INTERVAL_MS);
  poller.dispose();
  expect(errors.map(String)).toEqual(["Error: run 1", "Error: run 2", "Error: run 3"]);
});

test("once disposed it runs no more, not even when nudged or when a run was going on", async () => {
  const gate = Promise.withResolvers<boolean>();
  const { poller, times } = watch(async () => gate.promise);
  poller.dispose();
  poller.nudge();
  gate.resolve(true);
  await vi.advanceTimersByTimeAsync(100 * INTERVAL_MS);
  expect([times, vi.getTimerCount()]).toEqual([[0], 0]);
});
