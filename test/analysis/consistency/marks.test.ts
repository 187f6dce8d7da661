import { expect, test } from "vitest";
import { marksIn } from "#analysis/consistency/marks.ts";

test("marks are 1 and the telling factors nearest to the ratio, each once", () => {
  const marks = marksIn({ low: 0.9, high: 2.1 }, Math.SQRT2);
  expect(marks.map(({ text }) => text)).toEqual(["1", "√2", "√3", "2"]);
  expect(marksIn({ low: 0.4, high: 1.1 }, 0.5).map(({ text }) => text)).toEqual(["1", "1/2", "1/√3", "1/√6", "1/√2"]);
});
