import { expect, test } from "vitest";
import { createTensorFilter, searchedText } from "#media/checkpoint/tensors/tensorFilter.ts";

const NAMES = ["model.h.0.attn.weight", "model.h.1.attn.weight", "model.h.11.mlp.bias", "lm_head.weight"];

test.each([
  { text: "", kept: [0, 1, 2, 3] },
  { text: "attn weight", kept: [0, 1] },
  { text: "*h.?.*", kept: [0, 1] },
  { text: "/h\\.[01]\\./", kept: [0, 1] },
  { text: "/^LM/", kept: [3] },
  { text: "/", kept: [] },
])("'$text' keeps $kept", ({ text, kept }) => {
  const { keeps, problem } = createTensorFilter(text);
  expect([NAMES.flatMap((name, at) => (keeps(searchedText(name)) ? [at] : [])), problem]).toEqual([kept, undefined]);
});

test("an expression that is no expression says so and hides nothing", () => {
  const { keeps, problem } = createTensorFilter("/h.(/");
  expect([NAMES.every((name) => keeps(searchedText(name))), problem]).toEqual([true, expect.stringContaining("h.(")]);
});

test("a state is also found by its parameter", () => {
  expect(createTensorFilter("/mlp/").keeps(searchedText("state/0/exp_avg", "h.0.mlp.weight"))).toBe(true);
});
