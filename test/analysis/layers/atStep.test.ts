import { expect, test } from "vitest";
import { depthAt } from "#analysis/layers/depthAt.ts";
import { moversAt } from "#analysis/layers/movers.ts";
import { outlineOf } from "#analysis/layers/outline.ts";
import { nearestStep } from "#analysis/layers/samples.ts";
import { worstStep } from "#analysis/layers/worstStep.ts";
import { samplesOf } from "./samplesOf.ts";

const { NaN: nan } = Number;
const row = (norms: Record<string, number>): ReadonlyMap<string, number> => new Map(Object.entries(norms));

test("a tensor whose part rose is told with how much its norm jumped, and one whose part fell is not", () => {
  const before = [row({ a: 3, b: 1 }), row({ a: 3, b: 1 }), row({ a: 3, b: 100 })];
  expect(moversAt(row({ a: 3, b: 4 }), before, 5)).toEqual([
    { tensor: "b", norm: 4, share: 0.64, shareBefore: 0.1, jump: 4 },
  ]);
});

test("without steps before, the largest parts come first; tensors that are not finite before all", () => {
  expect(moversAt(row({ a: 3, b: 4 }), [], 1)).toEqual([
    { tensor: "b", norm: 4, share: 0.64, shareBefore: null, jump: null },
  ]);
  expect(moversAt(row({ a: 3, "h.10": nan, "h.2": Infinity }), [row({ a: 3 })], 5).map(({ tensor }) => tensor)).toEqual(
    ["h.2", "h.10"],
  );
});

test("a norm that was zero before has no ratio", () => {
  expect(moversAt(row({ a: 3 }), [row({ a: 0 })], 1)[0]?.jump).toBeNull();
});

/** Eight blocks whose norm doubles from one to the next, after 60 steps of another run. */
const BLOCKS = Array.from({ length: 8 }, (_, block) =>
  samplesOf(`model.layers.${block}.mlp.up_proj.weight`, [
    ...Array<number>(60).fill(1),
    ...Array<number>(60).fill(2 ** block),
  ]),
);

test("the profile of a step is that of the 50 points up to it", () => {
  const [early, late] = [depthAt(BLOCKS, 50, () => 100), depthAt(BLOCKS, 119, () => 100)];
  expect([early.profiles[0]?.lambda, late.isRms, late.profiles[0]?.blocks[3]?.rms]).toEqual([0, true, 0.8]);
  expect(late.profiles[0]?.lambda).toBeCloseTo(Math.LN2);
});

test("where a tensor's elements are not known, the norms themselves are compared", () => {
  const { isRms, profiles } = depthAt(BLOCKS, 119, (name) => (name.includes(".3.") ? undefined : 100));
  expect([isRms, profiles[0]?.blocks[3]?.rms]).toEqual([false, 8]);
});

test("tensors are gathered by block in the order of the model", () => {
  const names = [
    "lm_head.weight",
    "model.layers.10.mlp.w",
    "model.layers.2.mlp.w",
    "model.embed_tokens.weight",
    "model.layers.2.attn.w",
  ];
  expect(outlineOf(names).map(({ name, tensors }) => `${name}: ${tensors.length}`)).toEqual([
    "model.embed_tokens: 1",
    "model.layers.2: 2",
    "model.layers.10: 1",
    "lm_head: 1",
  ]);
});

test.each([
  [[1, 5, 3], 1],
  [[1, nan, 30], 1],
  [[0, 0], 0],
  [[], undefined],
])("the worst step of %j", (values, expected) => {
  expect(worstStep(samplesOf("w", values))).toBe(expected);
});

test.each([
  [12, 10],
  [16, 20],
  [15, 10],
  [-5, 0],
  [99, 30],
])("the logged step nearest to %i is %i", (wanted, expected) => {
  expect(nearestStep(Float64Array.of(0, 10, 20, 30), wanted)).toBe(expected);
});
