import { expect, test } from "vitest";
import { parseThreshold, thresholdAfterKey } from "#media/dashboard/clipping/thresholdInput.ts";

test.each([
  ["0.5", 0.5],
  [" 1,5 ", 1.5],
  ["1e-3", 1e-3],
  ["0", undefined],
  ["-1", undefined],
  ["", undefined],
  [" ", undefined],
  ["NaN", undefined],
  ["Infinity", undefined],
  ["1 %", undefined],
])("typed %j is the threshold %s", (text, threshold) => {
  expect(parseThreshold(text)).toBe(threshold);
});

test.each([
  ["ArrowRight", 1.01],
  ["ArrowLeft", 1 / 1.01],
  ["PageUp", 1.1],
  ["Home", 0.1],
  ["End", 10],
  ["a", undefined],
])("%s moves 1 to %s", (key, threshold) => {
  expect(thresholdAfterKey(key, 1, { min: 0.1, max: 10 })).toBe(threshold);
});

test("no key leaves the axis", () => {
  expect(thresholdAfterKey("ArrowRight", 10, { min: 0.1, max: 10 })).toBe(10);
  expect(thresholdAfterKey("PageDown", 0.1, { min: 0.1, max: 10 })).toBe(0.1);
});
