import { expect, test } from "vitest";
import { createNameFilter } from "#media/shared/nameFilter.ts";

const names = ["layers.0.attn.weight", "layers.0.attn.bias", "layers.11.mlp.weight", "embed.weight"];

test.each([
  { text: "", kept: names },
  { text: "ATTN", kept: ["layers.0.attn.weight", "layers.0.attn.bias"] },
  { text: "layers weight", kept: ["layers.0.attn.weight", "layers.11.mlp.weight"] },
  { text: "layers.*.weight", kept: ["layers.0.attn.weight", "layers.11.mlp.weight"] },
  { text: "*.bias", kept: ["layers.0.attn.bias"] },
  { text: "layers.?.*", kept: ["layers.0.attn.weight", "layers.0.attn.bias"] },
  { text: "embed*x", kept: [] },
])("the filter '$text' keeps $kept", ({ text, kept }) => {
  expect(names.filter((name) => createNameFilter(text)(name))).toEqual(kept);
});

test.each([
  { text: "exp_avg wte", isKept: true },
  { text: "wte.*", isKept: true },
  { text: "state/*/exp_avg", isKept: true },
  { text: "exp_avg wpe", isKept: false },
])("an optimizer's state goes by its path and by its parameter: '$text' keeps it is $isKept", ({ text, isKept }) => {
  expect(createNameFilter(text)("state/0/exp_avg", "wte.weight")).toBe(isKept);
});

test("a hostile pattern is answered at once", () => {
  expect(createNameFilter(`${"*a".repeat(40)}b`)("a".repeat(5000))).toBe(false);
});
