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
  expect(names.filter(createNameFilter(text))).toEqual(kept);
});

test("a hostile pattern is answered at once", () => {
  expect(createNameFilter(`${"*a".repeat(40)}b`)("a".repeat(5000))).toBe(false);
});
