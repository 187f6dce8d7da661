import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSparingThrottle, createThrottle } from "#host/throttle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("all who ask within the wait are served at once, and who asks later again", () => {
  const task = vi.fn<() => void>();
  const throttle = createThrottle(task, 100);
  throttle.soon();
  vi.advanceTimersByTime(60);
  throttle.soon();
  vi.advanceTimersByTime(39);
  expect(task).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(task).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1000);
  throttle.soon();
  vi.advanceTimersByTime(100);
  expect(task).toHaveBeenCalledTimes(2);
});

test("a task may ask for itself again, and one that throws is asked again", () => {
  let turns = 0;
  const throttle = createThrottle(() => {
    turns += 1;
    throttle.soon();
    throw new Error("broken");
  }, 100);
  throttle.soon();
  expect(() => vi.advanceTimersByTime(100)).toThrow("broken");
  expect(() => vi.advanceTimersByTime(100)).toThrow("broken");
  expect(turns).toBe(2);
});

test("what is disposed does nothing more", () => {
  const task = vi.fn<() => void>();
  const throttle = createThrottle(task, 100);
  throttle.soon();
  throttle.dispose();
  vi.advanceTimersByTime(1000);
  expect(task).not.toHaveBeenCalled();
});

test("what took a second is done again after nine at the earliest", () => {
  const task = vi.fn(() => void vi.setSystemTime(Date.now() + 1000)).mockName("a second's work");
  vi.spyOn(performance, "now").mockImplementation(() => Date.now());
  const throttle = createSparingThrottle(task);
  throttle.soon();
  vi.advanceTimersByTime(250);
  throttle.soon();
  vi.advanceTimersByTime(8999);
  expect(task).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(task).toHaveBeenCalledTimes(2);
});
