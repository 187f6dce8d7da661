import { expect, test } from "vitest";
import { sparkText } from "#cli/watch/sparkText.ts";
import { ALL_STEPS } from "#store/columns/bucket.ts";
import { createSeries } from "#store/columns/logSeries.ts";
import { GLOBAL, chunk } from "../../support/logs.ts";

function sparkOf(values: readonly number[], width: number): string {
  const series = createSeries(GLOBAL);
  series.append(
    chunk(
      GLOBAL,
      values.map((_, index) => index),
      values,
    ),
  );
  return sparkText(series.buckets(ALL_STEPS, width));
}

test.each([
  { what: "powers of two", values: [1, 2, 4, 8, 16, 32, 64, 128], spark: "▁▂▃▄▅▆▇█" },
  { what: "the same again", values: [3, 3, 3], spark: "▁▁▁" },
  { what: "NaN and Inf", values: [1, Number.NaN, Infinity, 2], spark: "▁××█" },
  { what: "zeros", values: [0, 1, 2, 0], spark: "○▁█○" },
  { what: "only NaN", values: [Number.NaN], spark: "×" },
  { what: "a placeholder below zero", values: [-1, 1, 2], spark: " ▁█" },
  { what: "nothing", values: [], spark: "" },
])("$what is drawn as $spark", ({ values, spark }) => {
  expect(sparkOf(values, 80)).toBe(spark);
});

test("one spike and one NaN among 100,000 values are seen at 40 characters", () => {
  const values = Array.from({ length: 100_000 }, (_, index) =>
    index === 34_567 ? 50 : index === 70_001 ? Number.NaN : 1,
  );
  const spark = sparkOf(values, 40);
  expect([spark.length <= 40, spark.match(/█/g)?.length, spark.match(/×/g)?.length]).toEqual([true, 1, 1]);
});
