import { expect, test } from "vitest";
import { matchesName, namesTensor } from "#core/names/namePattern.ts";

test.each([
  ["h.0.weight", "h.0.weight", true],
  ["h.0.weight", "h.0.weight2", false],
  ["bias", "h.bias", false],
  ["h.*.weight", "h.10.attn.weight", true],
  ["h.*.weight", "h.10.attn.bias", false],
  ["h.*.bias", "h.bias", false],
  ["h.*", "xh.0", false],
  ["*", "", true],
  ["", "", true],
  ["", "a", false],
  ["**", "a/b.c", true],
  ["*.bias", "a.bias", true],
  ["params/*", "params/Dense_0/kernel", true],
  ["*a*b*", "xxbxa", false],
  ["*a*b*", "xxaxbx", true],
  ["ab*ba", "aba", false],
  ["ab*ba", "abba", true],
  ["a*b*b", "ab", false],
  ["h.[0]", "h.[0]", true],
  ["h.?", "h.1", true],
  ["h.?", "h.10", false],
  ["h.?", "h.", false],
])("the pattern %o for the name %o: %o", (pattern, name, isMatch) => {
  expect(matchesName(pattern, name)).toBe(isMatch);
});

test.each([
  ["h.0.weight", "module.h.0.weight", true],
  ["module.*", "module.h.0.weight", true],
  ["Dense_0.kernel", "params/Dense_0/kernel", true],
  ["model.layers.*", "model.layers.0.weight", true],
  ["h.1.*", "module.h.0.weight", false],
])("the pattern %o names the tensor %o: %o", (pattern, name, isNamed) => {
  expect(namesTensor(pattern, name)).toBe(isNamed);
});

test.each(["*a".repeat(2000), `${"*a".repeat(30)}b`])("a pattern made to take for ever does not: %#", (pattern) => {
  expect(matchesName(pattern, `${"a".repeat(4000)}c`)).toBe(false);
});
