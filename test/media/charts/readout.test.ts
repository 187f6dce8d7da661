import { expect, test } from "vitest";
import { describeReading, readAt } from "#media/charts/readout.ts";

const points = { steps: Float64Array.of(0, 10, 20, 30, 40), values: Float64Array.of(1, 5, 2, Number.NaN, 3) };

test.each([
  { what: "a column of one point", from: 10, to: 11, text: "step 10: 5" },
  { what: "a column of three", from: 0, to: 21, text: "step 10: 5 (max of 3 steps)" },
  {
    what: "a column with a NaN, which is worse than any number",
    from: 10,
    to: 41,
    text: "step 30: NaN (max of 4 steps)",
  },
  { what: "an empty column, the nearest point", from: 22, to: 23, text: "step 20: 2" },
  { what: "after the end, the last point", from: 90, to: 91, text: "step 40: 3" },
])("$what reads $text", ({ from, to, text }) => {
  expect(describeReading(readAt(points, from, to), undefined)).toBe(text);
});

test("a line without points was not measured", () => {
  const none = { steps: new Float64Array(0), values: new Float64Array(0) };
  expect(describeReading(readAt(none, 0, 1), undefined)).toBe("not measured");
});
