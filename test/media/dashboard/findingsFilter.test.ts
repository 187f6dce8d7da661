import { expect, test } from "vitest";
import type { Finding } from "#core/finding.ts";
import { ALL_FINDINGS, countBy, keepsFinding, parseFindingsFilter } from "#media/dashboard/findings/findingsFilter.ts";

const spike: Finding = {
  rule: "GN201",
  severity: "warning",
  tensor: null,
  start: 3,
  peak: 3,
  end: 3,
  value: 5,
  limit: 1,
  message: "",
  source: { path: "", line: 1 },
};
const broken: Finding = { ...spike, rule: "GN101", severity: "error" };

test.each([
  [ALL_FINDINGS, true],
  [{ hidden: ["warning"], rule: "" }, false],
  [{ hidden: ["error"], rule: "GN201" }, true],
  [{ hidden: [], rule: "GN101" }, false],
] as const)("%j lists a spike: %s", (filter, isKept) => {
  expect(keepsFinding(filter, spike)).toBe(isKept);
});

test("findings are counted by what is asked", () => {
  expect([...countBy([spike, broken, spike], ({ rule }) => rule)]).toEqual([
    ["GN201", 2],
    ["GN101", 1],
  ]);
});

test.each([
  [null, ALL_FINDINGS],
  [{ hidden: "error", rule: 7 }, ALL_FINDINGS],
  [
    { hidden: ["info", "nonsense"], rule: "GN201" },
    { hidden: ["info"], rule: "GN201" },
  ],
])("stored %j is the filter %j", (stored, filter) => {
  expect(parseFindingsFilter(stored)).toEqual(filter);
});
