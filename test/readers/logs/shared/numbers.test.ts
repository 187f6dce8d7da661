import { expect, test } from "vitest";
import { isMissing, parseNumber, printedResolution } from "#readers/logs/shared/numbers.ts";

test.each([
  ["1", 1],
  [" 1.5 ", 1.5],
  ["-.5", -0.5],
  ["5.", 5],
  ["1.5E+00", 1.5],
  ["1e-05", 1e-5],
  ["12,345", 12345],
  ["1,234,567.5", 1234567.5],
  ["1_000", 1000],
  ["1.2k", 1200],
  ["1.5M", 1_500_000],
  ["2.05B", 2_050_000_000],
  ["1.2T", 1_200_000_000_000],
  ["infE", Infinity],
  ["nanE", undefined],
  ["'1.234'", 1.234],
  ["torch.tensor(1.25)", 1.25],
  ["DTensor(local_tensor=tensor(0.5, device='cuda:0'), placements=(Replicate(),))", 0.5],
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
  ["1,234_567", undefined],
  ["1.2kg", undefined],
  ["'NA'", undefined],
  ["infinite", undefined],
])("the text %j is the number %d", (text, number) => {
  expect(parseNumber(text)).toBe(number);
});

test.each([
  ["0.000", 0.0005],
  ["17.25", 0.005],
  ["1,234.5678", 0.00005],
  ["0.0", undefined],
  ["3", undefined],
  ["1.25e-05", undefined],
  ["nan", undefined],
])("a printed %s is known to within %d", (text, resolution) => {
  expect(printedResolution(text)).toBe(resolution);
});

test.each(["", "NA", "n/a", "None", "null", "-"])("%j says that there is no value", (text) => {
  expect(isMissing(text)).toBe(true);
});
