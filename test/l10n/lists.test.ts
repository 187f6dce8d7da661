import { expect, test } from "vitest";
import { firstNames, listNames } from "#l10n/lists.ts";

test.each([
  { names: [], counted: "", cut: "" },
  { names: ["a"], counted: "a", cut: "a" },
  { names: ["a", "b"], counted: "a, b", cut: "a, b" },
  { names: ["a", "b", "c", "d"], counted: "a, b and 2 more", cut: "a, b, …" },
])("of $names two are told: $counted", ({ names, counted, cut }) => {
  expect([listNames(names, 2), firstNames(names, 2)]).toEqual([counted, cut]);
});
