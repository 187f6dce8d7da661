import { expect, test } from "vitest";
import { ignores, rulesOf } from "#core/config.ts";
import type { ConfigFile, Ignored } from "#core/config.ts";
import { matchesGlob } from "#core/glob.ts";
import type { RuleId } from "#core/rules.ts";

test.each([
  { pattern: "*.bias", text: "h.0.bias", is: true },
  { pattern: "*.bias", text: "h.0.bias2", is: false },
  { pattern: "h.?.bias", text: "h.0.bias", is: true },
  { pattern: "h.?.bias", text: "h.10.bias", is: false },
  { pattern: "h.0", text: "hx0", is: false },
  { pattern: "*", text: "a/b", is: false },
  { pattern: "**", text: "a/b", is: true },
  { pattern: "**/x.jsonl", text: "x.jsonl", is: true },
  { pattern: "**/x.jsonl", text: "a/b/x.jsonl", is: true },
  { pattern: "**/x.jsonl", text: "a/yx.jsonl", is: false },
  { pattern: "a/**/x", text: "a/x", is: true },
  { pattern: "runs/old/**", text: "runs/old/a/b.log", is: true },
  { pattern: "a+(b)[c]{d}^$|\\", text: "a+(b)[c]{d}^$|\\", is: true },
  { pattern: "***", text: "a/b", is: true },
  { pattern: "", text: "", is: true },
  { pattern: "", text: "a", is: false },
  { pattern: "?", text: "/", is: false },
  { pattern: "?", text: "é", is: true },
  { pattern: "?", text: "😀", is: true },
  { pattern: "a/*/c", text: "a//c", is: true },
  { pattern: "a/*/c", text: "a/b/b/c", is: false },
  { pattern: "a**c", text: "a/b/c", is: true },
  { pattern: "**/a/**/b", text: "x/a/y/z/b", is: true },
  { pattern: "**/a/**/b", text: "x/ya/b", is: false },
])("$pattern matches $text: $is", ({ pattern, text, is }) => {
  expect(matchesGlob(text, pattern)).toBe(is);
});

test("a path's pattern made to take for ever does not", () => {
  expect(matchesGlob(`${"a".repeat(2000)}c`, `${"*a".repeat(500)}b`)).toBe(false);
});

test("what the file says of a rule holds, and else what was on before", () => {
  const before: ReadonlySet<RuleId> = new Set(["GN101", "GN201", "GN203"]);
  const file = { path: "/p/gradlens.config.json", config: { rules: { GN201: false, GN402: true, GN411: false } } };
  expect([[...rulesOf(file, before)], [...rulesOf(null, before)]]).toEqual([
    ["GN101", "GN203", "GN402"],
    ["GN101", "GN201", "GN203"],
  ]);
});

const SPIKE = { rule: "GN201", tensor: null, source: { path: "/p/runs/a/train.log" } } as const;
const DEAD = { rule: "GN301", tensor: "wte.weight", source: { path: "/p/runs/a/train.log" } } as const;

test("a finding in a source is ignored by its rule and the source's path, and nothing is without a file", () => {
  const file = { path: "/p/gradlens.config.json", config: { ignore: [{ rule: "GN411", path: "old/*.py" }] } } as const;
  const never = (path: string, config: ConfigFile | null = file): boolean =>
    ignores(config, { rule: "GN411", tensor: null, source: { path } });
  expect([never("/p/old/a.py"), never("/p/a.py"), never("/p/old/a.py", null)]).toEqual([true, false, false]);
});

test.each<{ entry: Ignored; spike: boolean; dead: boolean }>([
  { entry: { rule: "GN201" }, spike: true, dead: false },
  { entry: { tensor: "wte.*" }, spike: false, dead: true },
  { entry: { tensor: "*" }, spike: false, dead: true },
  { entry: { tensor: "*weight" }, spike: false, dead: true },
  { entry: { rule: "GN201", tensor: "wte.*" }, spike: false, dead: false },
  { entry: { path: "runs/**" }, spike: true, dead: true },
  { entry: { path: "other/**" }, spike: false, dead: false },
  { entry: { rule: "GN301", path: "runs/*/train.log" }, spike: false, dead: true },
])("$entry ignores the spike: $spike, and the dead tensor: $dead", ({ entry, spike, dead }) => {
  const file = { path: "/p/gradlens.config.json", config: { ignore: [entry] } };
  expect([ignores(file, SPIKE), ignores(file, DEAD)]).toEqual([spike, dead]);
});

test.each([
  { tensor: "params/Dense_0/kernel", pattern: "*kernel" },
  { tensor: "params/Dense_0/kernel", pattern: "params/*" },
  { tensor: "params/Dense_0/kernel", pattern: "Dense_0.kernel" },
  { tensor: "module._orig_mod.h.0.weight", pattern: "h.*.weight" },
])("an entry for $pattern ignores $tensor", ({ tensor, pattern }) => {
  const file = { path: "/p/gradlens.config.json", config: { ignore: [{ tensor: pattern }] } };
  expect(ignores(file, { ...DEAD, tensor })).toBe(true);
});

test("paths of Windows are matched with slashes, and those elsewhere not at all", () => {
  const file = { path: "C:\\p\\gradlens.config.json", config: { ignore: [{ path: "runs/**" }] } };
  expect(
    ["C:\\p\\runs\\a.log", "D:\\p\\runs\\a.log"].map((path) => ignores(file, { ...SPIKE, source: { path } })),
  ).toEqual([true, false]);
});
