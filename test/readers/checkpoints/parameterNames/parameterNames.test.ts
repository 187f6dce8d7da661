import { expect, test } from "vitest";
import type { CheckpointIndex, OptimizerGroup } from "#core/checkpoint.ts";
import type { TensorEntry, TensorKind } from "#core/tensor.ts";
import { inOnePiece } from "#core/tensorPart.ts";
import { nameOptimizerStates } from "#readers/checkpoints/parameterNames/parameterNames.ts";

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
  return { format: "pytorch", tensors, metadata: {}, notes: [], optimizer: { groups: described, steps: new Map() } };
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
    rule: "3 of 3 states are named by their shapes, for the order of the optimizer's parameters is not certain.",
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
      "3 of 7 states are named by their shapes, for the order of the optimizer's parameters is not certain. " +
      "4 keep their numbers: nothing tells whose they are.",
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
    rule: "The optimizer's states have numbers, and there are no weights beside them to name them by.",
  });
});

test("a best score and a second model beside the model do not hide its order", () => {
  const weights = model({ "model/a": [2], "model/b": [2], best: [], "other/a": [2], "other/b": [3] });
  expect(namesOf([weights, optimizer([group(0, 1)], [[2], [2]])]).names).toEqual(["a", "b"]);
});

test("two models that both agree, under other names, leave a doubt", () => {
  const weights = model({ "one/a": [2], "one/b": [3], "two/c": [2], "two/d": [3] });
  expect(namesOf([weights, optimizer([group(0, 1)], [[2], [3]])]).names).toEqual([null, null]);
});

test("two groups that are not split by decay are not named by it", () => {
  const weights = model({ "body.weight": [2, 2], "mid.weight": [2, 2], "head.weight": [2, 2] });
  const groups = [group(0), group(1, 2)];
  const shapes = Array.from({ length: 3 }, () => [2, 2]);
  expect(namesOf([weights, optimizer(groups, shapes)]).names).toEqual([null, null, null]);
});

test("a whole module's parameters have the names that its state dict would give them", () => {
  const weights = model({
    "net/_modules/0/_parameters/weight": [4, 2],
    "net/_modules/0/_parameters/bias": [4],
    "net/_modules/1/_buffers/mean": [4],
  });
  expect(namesOf([weights, optimizer([group(0, 1)], [[4, 2], [4]])]).names).toEqual(["0.weight", "0.bias"]);
});

test.each([
  { library: "Transformers", rows: ["exp_avg_sq_row", [4]], columns: ["exp_avg_sq_col", [2]] },
  { library: "torch", rows: ["row_var", [4, 1]], columns: ["col_var", [1, 2]] },
] as const)("the rows and columns of Adafactor in $library tell the shape", ({ rows, columns }) => {
  const factored = [rows, columns].map(([slot, shape]) => tensor(`state/0/${slot}`, shape, "moment2"));
  const whole = { ...optimizer([group(0, 1)], []), tensors: [...factored, tensor("state/1/exp_avg", [4], "moment1")] };
  const named = nameOptimizerStates([model({ "fc.weight": [4, 2], "fc.bias": [4] }), whole]);
  expect(named.flatMap(({ tensors }) => tensors.flatMap(({ parameter }) => parameter ?? []))).toEqual([
    "fc.weight",
    "fc.weight",
    "fc.bias",
  ]);
});

test("LBFGS keeps one state for all parameters, which belongs to none of them", () => {
  const whole = { ...optimizer([group(0, 1)], []), tensors: [tensor("state/0/d", [6], "other")] };
  const named = nameOptimizerStates([model({ a: [2], b: [4] }), whole]);
  expect(named.flatMap(({ tensors }) => tensors.flatMap(({ parameter }) => parameter ?? []))).toEqual([]);
});

test("an optimizer without states is not spoken of", () => {
  expect(namesOf([model({ a: [2] }), optimizer([group(0)], [])])).toEqual({ names: [], rule: "" });
});
