import { expect, test } from "vitest";
import type { CheckpointIndex, OptimizerGroup } from "#core/checkpoint.ts";
import type { TensorEntry, TensorKind } from "#core/tensor.ts";
import { inOnePiece } from "#core/tensorPart.ts";
import { nameOptimizerStates } from "#readers/checkpoints/parameterNames.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;

let nextOffset = 0;

function tensor(name: string, shape: readonly number[], kind: TensorKind): TensorEntry {
  const elements = shape.reduce((product, size) => product * size, 1);
  nextOffset += 4 * elements;
  return { name, kind, dtype: "F32", shape, elements, file: "f", parts: inOnePiece("f", nextOffset, 4 * elements) };
}

function model(weights: Shapes, format: CheckpointIndex["format"] = "pytorch"): CheckpointIndex {
  const tensors = Object.entries(weights).map(([name, shape]) => tensor(name, shape, "weight"));
  return { format, tensors, metadata: {}, notes: [] };
}

/** An Adam whose groups hold numbers, or names; shapes by number. */
function optimizer(
  groups: readonly OptimizerGroup[],
  shapes: readonly (readonly number[])[],
  path = "",
): CheckpointIndex {
  const prefix = path === "" ? "" : `${path}/`;
  const tensors = shapes.flatMap((shape, id) => [
    tensor(`${prefix}state/${id}/step`, [], "other"),
    tensor(`${prefix}state/${id}/exp_avg`, shape, "moment1"),
  ]);
  const at = path === "" ? {} : { path };
  const described = groups.map((one) => ({ ...one, ...at }));
  return { format: "pytorch", tensors, metadata: {}, notes: [], optimizer: { groups: described, steps: {} } };
}

function group(...parameters: readonly (string | number)[]): OptimizerGroup {
  return { numbers: {}, parameters: parameters.map(String) };
}

/** The parameter of each state with a shape, and the rule. */
function namesOf(indexes: readonly CheckpointIndex[]): { names: (string | null)[]; rule: string } {
  const named = nameOptimizerStates(indexes);
  const tensors = named.flatMap((index) => index.tensors).filter(({ name }) => name.endsWith("/exp_avg"));
  return {
    names: tensors.map(({ parameter }) => parameter ?? null),
    rule: named.map((index) => index.optimizer?.namedBy ?? "").join(""),
  };
}

test("names in the optimizer's groups are taken, whatever the model says", () => {
  const named = optimizer([group("b"), group("a")], [[2], [3]]);
  expect(namesOf([model({ a: [3], c: [2] }), named])).toEqual({
    names: ["b", "a"],
    rule: "States are named by param_names of the optimizer's groups.",
  });
});

test("one group follows the order of a model that torch wrote, without its buffers", () => {
  const weights = model({
    "model/conv.weight": [4, 2],
    "model/bn.running_mean": [4],
    "model/bn.weight": [4],
    "model/bn.bias": [4],
  });
  expect(namesOf([weights, optimizer([group(0, 1, 2)], [[4, 2], [4], [4]])])).toEqual({
    names: ["conv.weight", "bn.weight", "bn.bias"],
    rule: "States are named in the order of the model's weights; all shapes agree.",
  });
});

test("two groups are those with weight decay and those without, each in the model's order", () => {
  const weights = model({ "fc.weight": [4, 2], "fc.bias": [4], "norm.weight": [4], "out.weight": [2, 4] });
  expect(namesOf([weights, optimizer([group(0, 1), group(2, 3)], [[4, 2], [2, 4], [4], [4]])]).names).toEqual([
    "fc.weight",
    "out.weight",
    "fc.bias",
    "norm.weight",
  ]);
});

test("one shape that disagrees is enough to distrust the order", () => {
  const weights = model({ a: [2, 3], b: [3, 2], c: [5] });
  expect(namesOf([weights, optimizer([group(0, 1, 2)], [[3, 2], [2, 3], [5]])])).toEqual({
    names: ["b", "a", "c"],
    rule: "The order of the model's weights is not known here; 3 of 3 states are named by shape.",
  });
});

test("safetensors sort, so weights of one shape and different roles stay unnamed, layers of one role do not", () => {
  const weights = model(
    {
      "h.10.fc": [8, 2],
      "h.2.fc": [8, 2],
      "h.2.q": [2, 2],
      "h.2.k": [2, 2],
      "h.10.q": [2, 2],
      "h.10.k": [2, 2],
      emb: [9, 2],
    },
    "safetensors",
  );
  const shapes = [
    [9, 2],
    [2, 2],
    [2, 2],
    [8, 2],
    [2, 2],
    [2, 2],
    [8, 2],
  ];
  expect(namesOf([weights, optimizer([group(0, 1, 2, 3, 4, 5, 6)], shapes)])).toEqual({
    names: ["emb", null, null, "h.2.fc", null, null, "h.10.fc"],
    rule:
      "The order of the model's weights is not known here; 3 of 7 states are named by shape. " +
      "4 could be one or another of the same shape, and keep their numbers.",
  });
});

test("a tied weight counts once, by its first name", () => {
  const weights = model({ "wte.weight": [9, 2], fc: [3] });
  const tied = {
    ...weights,
    tensors: [...weights.tensors, { ...weights.tensors[0], name: "lm_head.weight" } as TensorEntry],
  };
  expect(namesOf([tied, optimizer([group(0, 1)], [[9, 2], [3]])]).names).toEqual(["wte.weight", "fc"]);
});

test("optimizers that lie deeper in the file have their states named too", () => {
  const weights = model({ "state_dict/a": [2], "state_dict/b": [3] });
  const inside = optimizer([group(0, 1)], [[2], [3]], "optimizer_states/0");
  expect(namesOf([weights, inside]).names).toEqual(["a", "b"]);
});

test("without weights the numbers stay, and the rule says why", () => {
  expect(namesOf([optimizer([group(0)], [[2]])])).toEqual({
    names: [null],
    rule: "The 1 states have numbers, and there are no weights beside them to name them by.",
  });
});
