import { expect, test } from "vitest";
import type { TensorEntry } from "#core/tensor.ts";
import { createUnmeasured } from "#worker/norms/unmeasured.ts";

const ENTRY: TensorEntry = {
  name: "w",
  kind: "weight",
  dtype: "F32",
  shape: [2],
  elements: 2,
  file: "m.safetensors",
  parts: [],
};

test.each([
  { text: "w: its parts hold 1 of 2 elements.", why: "its parts hold 1 of 2 elements." },
  { text: "w：其各部分含 2 个元素中的 1 个。", why: "其各部分含 2 个元素中的 1 个。" },
  { text: "weights: they end early.", why: "weights: they end early." },
  { text: "It is not complete.", why: "It is not complete." },
])("a tensor's name is not told twice: $text", ({ text, why }) => {
  const unmeasured = createUnmeasured();
  unmeasured.add(ENTRY, text);
  expect([unmeasured.all.map((one) => one.why), unmeasured.notes()]).toEqual([[why], [`w: ${why}`]]);
});
