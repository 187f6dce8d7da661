import { expect, test } from "vitest";

import type { DType } from "#core/dtype.ts";
import { type TreeLeaf, withKinds } from "#readers/checkpoints/shared/treeKind.ts";

function leaf(name: string, shape: readonly number[] = [2], dtype: DType = "F32"): TreeLeaf {
  return { name, dtype, shape, elements: 2, file: "x", parts: [] };
}

test.each([
  { name: "params/w", kind: "weight" },
  { name: "w", kind: "weight" },
  { name: "batch_stats/norm/mean", kind: "weight" },
  { name: "params/mu/w", kind: "weight" },
  { name: "grads/w", kind: "gradient" },
  { name: "opt_state/0/mu/w", kind: "moment1" },
  { name: "opt_state/1/0/nu/mu/w", kind: "moment2" },
  { name: "opt_state/0/trace/w", kind: "momentum" },
  { name: "opt_state/inner_states/all/inner_state/0/mu/w", kind: "moment1" },
  { name: "state/opt_state/0/sum_of_squares/w", kind: "moment2" },
  { name: "optimizer/opt_state/0/mu/w/value", kind: "moment1" },
  { name: "optimizer_state/m/w", kind: "moment1" },
  { name: "optimizer/state/param_states/w/grad_sq_ema", kind: "moment2" },
  { name: "state/param_states/dense/kernel/v", kind: "moment2" },
  { name: "state/param_states/dense/kernel/v_row", kind: "other" },
  { name: "opt_state/0/v_col/w", kind: "other" },
  { name: "opt_state/0/hessian/w", kind: "other" },
  { name: "opt_state/hyperparams/learning_rate", kind: "other" },
])("$name is $kind", ({ name, kind }) => {
  expect(withKinds([leaf(name)], "checkpoint").map((tensor) => tensor.kind)).toEqual([kind]);
});

test.each([
  { name: "opt_state/0/count", dtype: "I32" as const, isScalar: false },
  { name: "opt_state/0/mu/count", dtype: "I32" as const, isScalar: false },
  { name: "learning_rate", dtype: "F32" as const, isScalar: true },
])("counters and plain numbers are no tensors of a kind: $name", ({ name, dtype, isScalar }) => {
  expect(withKinds([{ ...leaf(name, [], dtype), isScalar }], "x").map(({ kind }) => kind)).toEqual(["other"]);
});

test.each([
  { tree: ["params/a/w", "opt_state/1/0/mu/a/w"], parameter: "params/a/w" },
  { tree: ["params/a/w", "opt_state/0/mu/params/a/w"], parameter: "params/a/w" },
  { tree: ["a/w", "opt_state/0/mu/a/w"], parameter: "a/w" },
  { tree: ["default/params/a/w", "default/opt_state/0/mu/a/w"], parameter: "default/params/a/w" },
  { tree: ["params/a/w", "state/opt_state/0/mu/a/w"], parameter: "params/a/w" },
  { tree: ["target/a/w", "state/param_states/a/w/v"], parameter: "target/a/w" },
  { tree: ["params/a/w", "opt_state/0/mu/b/w"], parameter: undefined },
  { tree: ["params/w", "ema/params/w", "opt_state/0/mu/w"], parameter: "params/w" },
  { tree: ["params/w", "other/params/w", "opt_state/0/mu/w"], parameter: undefined },
])("the state of $tree belongs to $parameter", ({ tree, parameter }) => {
  const tensors = withKinds(
    tree.map((name) => leaf(name)),
    "x",
  );
  expect(tensors.at(-1)?.parameter).toBe(parameter);
});

test("a state of another shape than its parameter is not given to it", () => {
  const tensors = withKinds([leaf("params/w", [2, 3]), leaf("opt_state/0/nu/w", [1])], "x");
  expect(tensors.map(({ kind, parameter }) => [kind, parameter])).toEqual([
    ["weight", undefined],
    ["moment2", undefined],
  ]);
});

test("a file of gradients holds gradients", () => {
  expect(withKinds([leaf("dense/w")], "grads.msgpack").map(({ kind }) => kind)).toEqual(["gradient"]);
});
