import type { CheckpointIndex, OptimizerDescription, OptimizerGroup } from "#core/checkpoint.ts";
import { isFloating } from "#core/dtype.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { createTieFinder } from "#core/tensorPart.ts";

import { matchByShape } from "./matchByShape.ts";

/**
 * Gives the states of torch's optimizers the names of their parameters. torch numbers them in the order of the optimizer's
 * groups, so names come from the groups themselves, else from the model's weights beside them, as far as these leave no
 * doubt. `namedBy` says by which rule. The indexes are of one checkpoint, in any order.
 */
export function nameOptimizerStates(indexes: readonly CheckpointIndex[]): readonly CheckpointIndex[] {
  if (indexes.every(({ optimizer }) => optimizer === undefined)) {
    return indexes;
  }
  const weights = indexes.flatMap(weightsOf);
  return indexes.map((index) =>
    index.optimizer === undefined || hasNames(index) ? index : nameStates(index, index.optimizer, weights),
  );
}

/** States that have names of their own, or were given them, need none. */
function hasNames({ optimizer, tensors }: CheckpointIndex): boolean {
  return optimizer?.namedBy !== undefined || !tensors.some(({ name }) => STATE_PREFIX.test(name));
}

/** A parameter's weights: what a state may belong to. */
export interface Weight {
  /** As the model calls it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** It stands in the order in which the model has it: files of torch keep it, safetensors sorts. */
  readonly isInOrder: boolean;
}

/** The states of one parameter. */
export interface State {
  /** Number in the order of the groups. */
  readonly id: number;
  readonly group: number;
  /** Of the states that have the parameter's shape; null where none has. */
  readonly shape: readonly number[] | null;
}

/** Names by number; those in doubt are missing. */
export interface Naming {
  readonly names: ReadonlyMap<number, string>;
  readonly rule: string;
}

// Buffers of a model's state dict are no parameters.
const BUFFER = /(?:^|\.)(?:running_mean|running_var|num_batches_tracked|inv_freq|position_ids|masked_bias)$/;

function weightsOf({ format, tensors }: CheckpointIndex): Weight[] {
  const isTied = createTieFinder(); // A tied parameter is in the optimizer once, by its first name.
  const weights: Weight[] = [];
  for (const { name, kind, dtype, shape, parts } of tensors) {
    const own = name.slice(name.lastIndexOf("/") + 1);
    if (!isTied({ parts }) && kind === "weight" && isFloating(dtype) && !BUFFER.test(own)) {
      weights.push({ name: own, shape, isInOrder: format.startsWith("pytorch") });
    }
  }
  return weights;
}

function nameStates(
  index: CheckpointIndex,
  optimizer: OptimizerDescription,
  weights: readonly Weight[],
): CheckpointIndex {
  const rules = new Set<string>();
  const nameOf = new Map<string, string>();
  for (const [path, groups] of groupsByPath(optimizer)) {
    const naming = nameNumbers(statesIn(index.tensors, path, groups), groups, weights);
    naming.names.forEach((name, id) => nameOf.set(`${path}state/${id}/`, name));
    rules.add(naming.rule);
  }
  const tensors = index.tensors.map((tensor) => {
    const parameter = nameOf.get(STATE_PREFIX.exec(tensor.name)?.[1] ?? "");
    return parameter === undefined ? tensor : { ...tensor, parameter };
  });
  return { ...index, tensors, optimizer: { ...optimizer, namedBy: [...rules].join(" ") } };
}

const STATE_PREFIX = /^((?:.*\/)?state\/\d+\/)/;

/** Groups by where their optimizer stands, as a prefix of names. */
function groupsByPath({ groups }: OptimizerDescription): Map<string, OptimizerGroup[]> {
  const byPath = new Map<string, OptimizerGroup[]>();
  for (const group of groups) {
    const path = group.path === undefined ? "" : `${group.path}/`;
    byPath.set(path, [...(byPath.get(path) ?? []), group]);
  }
  return byPath;
}

function statesIn(tensors: readonly TensorEntry[], path: string, groups: readonly OptimizerGroup[]): State[] {
  const shapes = shapesByNumber(tensors, path);
  let id = 0;
  return groups.flatMap(({ parameters }, group) =>
    parameters.map((parameter) => {
      const number = /^\d+$/.test(parameter) ? Number(parameter) : id;
      id += 1;
      return { id: number, group, shape: shapes.get(number) ?? null };
    }),
  );
}

/** States that are as large as their parameter; a factored second moment is not, and a step is a scalar. */
const WHOLE_STATES: readonly string[] = [
  "exp_avg",
  "exp_avg_sq",
  "momentum_buffer",
  "square_avg",
  "sum",
  "exp_inf",
  "prev",
  "acc_delta",
  "state1",
];

function shapesByNumber(tensors: readonly TensorEntry[], path: string): ReadonlyMap<number, readonly number[]> {
  const shapes = new Map<number, readonly number[]>();
  for (const { name, shape } of tensors) {
    const [, number = "", slot = ""] = /^state\/(\d+)\/([^/]+)$/.exec(name.slice(path.length)) ?? [];
    if (name.startsWith(path) && WHOLE_STATES.includes(slot)) {
      shapes.set(Number(number), shape);
    }
  }
  return shapes;
}

function nameNumbers(states: readonly State[], groups: readonly OptimizerGroup[], weights: readonly Weight[]): Naming {
  return namesInGroups(states, groups) ?? orderOfModel(states, weights) ?? matchByShape(states, weights);
}

function namesInGroups(states: readonly State[], groups: readonly OptimizerGroup[]): Naming | undefined {
  const names = groups.flatMap(({ parameters }) => parameters);
  if (names.length === 0 || names.some((name) => /^\d+$/.test(name))) {
    return undefined;
  }
  return {
    names: new Map(states.map(({ id }, at) => [id, names[at] ?? ""])),
    rule: "States are named by param_names of the optimizer's groups.",
  };
}

/** One group, or one that decays and one that does not, each in the order of the model, as Hugging Face's Trainer makes them. */
function orderOfModel(states: readonly State[], weights: readonly Weight[]): Naming | undefined {
  const isOne = states.every(({ group }) => group === 0);
  const ordered = isOne
    ? weights
    : [...weights.filter(({ name }) => !NO_DECAY.test(name)), ...weights.filter(({ name }) => NO_DECAY.test(name))];
  const isSure =
    states.length > 0 &&
    ordered.length === states.length &&
    ordered.every(({ isInOrder }) => isInOrder) &&
    states.every(({ shape }, at) => shape === null || sameShape(shape, ordered[at]?.shape ?? []));
  return isSure
    ? {
        names: new Map(states.map(({ id }, at) => [id, ordered[at]?.name ?? ""])),
        rule: isOne
          ? "States are named in the order of the model's weights; all shapes agree."
          : "States are named in the order of the model's weights, those with weight decay first; all shapes agree.",
      }
    : undefined;
}

const NO_DECAY = /bias|layernorm|rmsnorm|(?:^|\.)norm(?:$|\.)|_norm(?:$|\.)|(?:^|\.)ln(?:_\w+)?\./i;

export function sameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}
