import { expect, test } from "vitest";
import { parseNumber } from "#readers/logs/numbers.ts";

test.each([
  ["1", 1],
  [" 1.5 ", 1.5],
  ["-.5", -0.5],
  ["5.", 5],
  ["1.5E+00", 1.5],
  ["1e-05", 1e-5],
  ["12,345", 12345],
  ["1,234,567.5", 1234567.5],
  ["nan", Number.NaN],
  ["-NaN", Number.NaN],
  ["inf", Infinity],
  ["+Infinity", Infinity],
  ["-inf", -Infinity],
  ["np.float64(1.5)", 1.5],
  ["tensor(1.25, device='cuda:0')", 1.25],
  ["array(nan, dtype=float32)", Number.NaN],
  ["", undefined],
  ["NA", undefined],
  ["None", undefined],
  ["null", undefined],
  ["0x10", undefined],
  ["1,23", undefined],
  ["1.2k", undefined],
  ["infinite", undefined],
])("the text %j is the number %d", (text, number) => {
  expect(parseNumber(text)).toBe(number);
});
