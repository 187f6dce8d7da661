import { expect, test } from "vitest";

import type { OptimizerDescription } from "#core/checkpoint.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { momentPairsIn } from "#worker/pairs/adamStates.ts";

function state(name: string, shape: readonly number[] = [2, 3], parameter?: string): TensorEntry {
  const elements = shape.reduce((product, size) => product * size, 1);
  const described = { name, kind: "moment1", dtype: "F32", shape, elements, file: "f", parts: [] } as const;
  return parameter === undefined ? described : { ...described, parameter };
}

function found(tensors: readonly TensorEntry[], optimizer?: OptimizerDescription): readonly unknown[] {
  const index = { format: "pytorch", tensors, metadata: {}, notes: [] } as const;
  return momentPairsIn(optimizer === undefined ? index : { ...index, optimizer }).map(
    ({ parameter, mean, square, step, settings }) => [
      parameter,
      mean.name,
      square.name,
      typeof step === "number" ? step : (step?.name ?? null),
      settings["lr"] ?? null,
    ],
  );
}

function numbered(id: number, parameter: string): readonly TensorEntry[] {
  const name = `optimizer/state/${id}/`;
  return [state(`${name}exp_avg`, [2, 3], parameter), state(`${name}exp_avg_sq`, [2, 3], parameter)];
}

test("torch's states by number have the steps and the settings of their own group", () => {
  const groups = [
    { path: "optimizer", numbers: { lr: 0.1 }, parameters: ["0"] },
    { path: "optimizer", numbers: { lr: 0.2 }, parameters: ["1"] },
  ];
  expect(
    found([...numbered(0, "w"), ...numbered(1, "b")], {
      groups,
      steps: new Map([
        ["0", 7],
        ["1", 6],
      ]),
    }),
  ).toEqual([
    ["w", "optimizer/state/0/exp_avg", "optimizer/state/0/exp_avg_sq", 7, 0.1],
    ["b", "optimizer/state/1/exp_avg", "optimizer/state/1/exp_avg_sq", 6, 0.2],
  ]);
});

test("states by number find their group by position where it lists names", () => {
  const groups = [
    { path: "optimizer", numbers: { lr: 0.1 }, parameters: ["w"] },
    { path: "optimizer", numbers: { lr: 0.2, step: 9 }, parameters: ["b"] },
  ];
  expect(found(numbered(1, "b"), { groups, steps: new Map() })).toEqual([
    ["b", "optimizer/state/1/exp_avg", "optimizer/state/1/exp_avg_sq", 9, 0.2],
  ]);
});

test("a parameter named like a member of every object has no steps where none are told of it", () => {
  const named = ["constructor", "__proto__"].flatMap((name) => [
    state(`optimizer/state/${name}/exp_avg`, [2, 3], name),
    state(`optimizer/state/${name}/exp_avg_sq`, [2, 3], name),
  ]);
  const steps = new Map([["w", 7]]);
  expect(found(named, { groups: [], steps }).map((pair) => (pair as unknown[]).slice(3))).toEqual([
    [null, null],
    [null, null],
  ]);
});

test("a step may be a tensor beside the moments, as torch keeps it", () => {
  const tensors = [...numbered(0, "w"), state("optimizer/state/0/step", [])];
  expect(found(tensors)).toEqual([
    ["w", "optimizer/state/0/exp_avg", "optimizer/state/0/exp_avg_sq", "optimizer/state/0/step", null],
  ]);
});

test("states by name, and optax's trees with one counter, are paired too", () => {
  expect(found([state("optimizer.state.h.0.w.exp_avg"), state("optimizer.state.h.0.w.exp_avg_sq")])).toEqual([
    ["optimizer.state.h.0.w.exp_avg", "optimizer.state.h.0.w.exp_avg", "optimizer.state.h.0.w.exp_avg_sq", null, null],
  ]);
  const tree = [
    state("opt_state/0/count", []),
    state("opt_state/0/mu/params/w", [2, 3], "params/w"),
    state("opt_state/0/nu/params/w", [2, 3], "params/w"),
  ];
  expect(found(tree)).toEqual([
    ["params/w", "opt_state/0/mu/params/w", "opt_state/0/nu/params/w", "opt_state/0/count", null],
  ]);
});

test("moments of two shapes, or without their other half, are no pair", () => {
  expect(found([state("state/0/exp_avg"), state("state/0/exp_avg_sq", [3, 2]), state("state/1/exp_avg")])).toEqual([]);
});
