import { expect, test } from "vitest";
import { DEFAULT_RULES, RULES, RULE_IDS, isRuleId } from "#core/rules.ts";

test("fifteen rules are on by default", () => {
  expect([...DEFAULT_RULES].join(" ")).toBe(
    "GN101 GN102 GN103 GN201 GN202 GN203 GN204 GN205 GN206 GN301 GN303 GN401 GN505 GN601 GN602",
  );
});

test("no two rules have the same name or meaning", () => {
  const texts = RULE_IDS.flatMap((rule) => [RULES[rule].name, RULES[rule].meaning]);
  expect(new Set(texts).size).toBe(2 * RULE_IDS.length);
});

test.each([
  { value: "GN201", is: true },
  { value: "GN999", is: false },
  { value: "toString", is: false },
  { value: 201, is: false },
])("that $value is a rule is $is", ({ value, is }) => {
  expect(isRuleId(value)).toBe(is);
});
