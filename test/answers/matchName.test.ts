import { expect, test } from "vitest";
import { matchName } from "#answers/matchName.ts";

test.each([
  ["h.0.weight", "h.0.weight", true],
  ["h.0.weight", "h.0.weight2", false],
  ["h.*.weight", "h.10.attn.weight", true],
  ["h.*.weight", "h.10.attn.bias", false],
  ["*", "", true],
  ["*.bias", "a.bias", true],
  ["*a*b*", "xxbxa", false],
  ["*a*b*", "xxaxbx", true],
  ["ab*ba", "aba", false],
  ["ab*ba", "abba", true],
  ["a*b*b", "ab", false],
  ["h.[0]", "h.[0]", true],
  ["h.?", "h.1", false],
])("the pattern %o for the name %o: %o", (pattern, name, isMatch) => {
  expect(matchName(pattern, name)).toBe(isMatch);
});

test("a pattern made to take for ever does not", () => {
  expect(matchName("*a".repeat(2000), "a".repeat(4000) + "b")).toBe(false);
});
