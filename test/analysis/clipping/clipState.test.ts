import { expect, test } from "vitest";
import { clipStateOf } from "#analysis/clipping/clipState.ts";

test.each([
  { norms: [0.5, 3.7], threshold: 1, state: "pre" },
  { norms: [0.5, Infinity], threshold: 1, state: "pre" },
  { norms: [0.5, 1], threshold: 1, state: "undetermined" },
  { norms: [1.000_001, 0.999], threshold: 1, state: "undetermined" },
  { norms: [Number.NaN], threshold: 1, state: "undetermined" },
  { norms: [], threshold: 1, state: "undetermined" },
  { norms: [100], threshold: undefined, state: "undetermined" },
])("norms $norms under a threshold of $threshold are from $state clipping", ({ norms, threshold, state }) => {
  expect(clipStateOf(Float64Array.from(norms), threshold)).toBe(state);
});
