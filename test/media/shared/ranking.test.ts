import { expect, test } from "vitest";
import { rankRows } from "#media/shared/ranking.ts";
import type { SortValue } from "#media/shared/ranking.ts";

test.each<{ what: string; values: SortValue[]; descending: boolean; ranked: SortValue[] }>([
  {
    what: "largest first, NaN before all",
    values: [1, Number.NaN, 3, Infinity],
    descending: true,
    ranked: [Number.NaN, Infinity, 3, 1],
  },
  {
    what: "smallest first, NaN after all",
    values: [3, Number.NaN, 1, 0],
    descending: false,
    ranked: [0, 1, 3, Number.NaN],
  },
  { what: "not measured comes last when descending", values: [null, 0, 2], descending: true, ranked: [2, 0, null] },
  { what: "not measured comes last when ascending", values: [null, 0, 2], descending: false, ranked: [0, 2, null] },
  {
    what: "names count their numbers",
    values: ["h.10", "h.2", "h.1"],
    descending: false,
    ranked: ["h.1", "h.2", "h.10"],
  },
])("$what", ({ values, descending, ranked }) => {
  expect(rankRows(values, (value) => value, descending)).toEqual(ranked);
});

test("equal rows keep their order in both directions", () => {
  const rows = ["a", "b", "c"];
  expect([rankRows(rows, () => 1, true), rankRows(rows, () => 1, false)]).toEqual([rows, rows]);
});
