import type { CheckpointIndex, OptimizerDescription, OptimizerGroup } from "#core/checkpoint.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { t } from "@vscode/l10n";

import { matchByShape } from "./matchByShape.ts";
import { modelsIn, type Weight } from "./modelWeights.ts";
import type { State, Naming } from "./naming.ts";

/**
 * Gives the states of torch's optimizers the names of their parameters. torch numbers them in the order of the optimizer's
 * groups, so names come from the groups themselves, else from the model's weights beside them, as far as these leave no
 * doubt. `namedBy` says by which rule. The indexes are of one checkpoint, in any order.
 */
export function nameOptimizerStates(indexes: readonly CheckpointIndex[]): readonly CheckpointIndex[] {
  if (indexes.every(({ optimizer }) => optimizer === undefined)) {
    return indexes;
  }
  const models = indexes.flatMap(modelsIn);
  return indexes.map((index) =>
    index.optimizer === undefined || hasNames(index) ? index : nameStates(index, index.optimizer, models),
  );
}

/** States that have names of their own, or were given them, need none. */
function hasNames({ optimizer, tensors }: CheckpointIndex): boolean {
  return optimizer?.namedBy !== undefined || !tensors.some(({ name }) => STATE_PREFIX.test(name));
}

function nameStates(
  index: CheckpointIndex,
  optimizer: OptimizerDescription,
  models: readonly Model[],
): CheckpointIndex {
  const rules = new Set<string>();
  const nameOf = new Map<string, string>();
  for (const [path, groups] of groupsByPath(optimizer)) {
    const states = statesIn(index.tensors, path, groups);
    if (states.length === 0) {
      continue; // Plain SGD keeps none.
    }
    const naming = nameNumbers(states, groups, models);
    naming.names.forEach((name, id) => nameOf.set(`${path}state/${id}/`, name));
    rules.add(naming.rule);
  }
  const tensors = index.tensors.map((tensor) => {
    const parameter = nameOf.get(STATE_PREFIX.exec(tensor.name)?.[1] ?? "");
    return parameter === undefined ? tensor : { ...tensor, parameter };
  });
  const namedBy = rules.size === 0 ? {} : { namedBy: [...rules].join(" ") };
  return { ...index, tensors, optimizer: { ...optimizer, ...namedBy } };
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

/** One for each parameter of the groups; none when there is no tensor among the states. */
function statesIn(tensors: readonly TensorEntry[], path: string, groups: readonly OptimizerGroup[]): State[] {
  const slots = slotsByNumber(tensors, path);
  let id = 0;
  const states = groups.flatMap(({ parameters }, group) =>
    parameters.map((parameter) => {
      const number = /^\d+$/.test(parameter) ? Number(parameter) : id;
      id += 1;
      return { id: number, group, shape: shapeOf(slots.get(number)) };
    }),
  );
  return slots.size === 0 ? [] : states;
}

type Slots = ReadonlyMap<string, readonly number[]>;

/** The shapes of the states of each number, by what they are. */
function slotsByNumber(tensors: readonly TensorEntry[], path: string): ReadonlyMap<number, Slots> {
  const slots = new Map<number, Map<string, readonly number[]>>();
  for (const { name, shape } of tensors) {
    const [, number = "", slot = ""] = /^state\/(\d+)\/(.+)$/.exec(name.slice(path.length)) ?? [];
    if (name.startsWith(path) && number !== "") {
      const own = slots.get(Number(number)) ?? new Map<string, readonly number[]>();
      slots.set(Number(number), own.set(slot, shape));
    }
  }
  return slots;
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
  "ax",
  "variance",
  "state1",
];

function shapeOf(slots: Slots | undefined): readonly number[] | null {
  const whole = WHOLE_STATES.find((slot) => slots?.has(slot) === true);
  return (whole === undefined ? undefined : slots?.get(whole)) ?? factoredShape(slots) ?? null;
}

/** Adafactor keeps rows and columns: those of Transformers lack the other dimension, torch's own have 1 for it. */
function factoredShape(slots: Slots | undefined): readonly number[] | undefined {
  const rows = slots?.get("exp_avg_sq_row") ?? slots?.get("row_var")?.slice(0, -1);
  const columns = slots?.get("exp_avg_sq_col") ?? slots?.get("col_var");
  const last = columns?.at(-1);
  return rows === undefined || last === undefined ? undefined : [...rows, last];
}

type Model = readonly Weight[];

function nameNumbers(states: readonly State[], groups: readonly OptimizerGroup[], models: readonly Model[]): Naming {
  return (
    namesInGroups(states, groups) ?? orderOfOneModel(states, groups, models) ?? matchByShape(states, models.flat())
  );
}

function namesInGroups(states: readonly State[], groups: readonly OptimizerGroup[]): Naming | undefined {
  const names = groups.flatMap(({ parameters }) => parameters);
  if (names.length === 0 || names.some((name) => /^\d+$/.test(name))) {
    return undefined;
  }
  return {
    names: new Map(states.map(({ id }, at) => [id, names[at] ?? ""])),
    rule: t("States are named by param_names of the optimizer's groups."),
  };
}

/** Of several models the only one that agrees; a copy of it agrees too, under the same names. */
function orderOfOneModel(
  states: readonly State[],
  groups: readonly OptimizerGroup[],
  models: readonly Model[],
): Naming | undefined {
  const sure = models.flatMap((weights) => orderOfModel(states, groups, weights) ?? []);
  const different = new Set(sure.map(({ names }) => JSON.stringify([...names])));
  return different.size === 1 ? sure[0] : undefined;
}

/** One group, or one that decays and one that does not, each in the order of the model, as Hugging Face's Trainer makes them. */
function orderOfModel(states: readonly State[], groups: readonly OptimizerGroup[], weights: Model): Naming | undefined {
  const isOne = groups.length === 1;
  const decaying = weights.filter(({ name }) => !NO_DECAY.test(name));
  const ordered = isOne ? weights : [...decaying, ...weights.filter(({ name }) => NO_DECAY.test(name))];
  const isSure =
    (isOne || areByDecay(groups, decaying.length)) &&
    ordered.length === states.length &&
    ordered.every(({ isInOrder }) => isInOrder) &&
    states.some(({ shape }) => shape !== null) &&
    states.every(({ shape }, at) => shape === null || sameShape(shape, ordered[at]?.shape ?? []));
  return isSure
    ? {
        names: new Map(states.map(({ id }, at) => [id, ordered[at]?.name ?? ""])),
        rule: isOne
          ? t("States are named in the order of the model's weights; all shapes agree.")
          : t("States are named in the order of the model's weights, those with weight decay first; all shapes agree."),
      }
    : undefined;
}

function areByDecay([first, second, ...others]: readonly OptimizerGroup[], decaying: number): boolean {
  const last = second?.numbers["weight_decay"] ?? 0;
  return others.length === 0 && last === 0 && first?.parameters.length === decaying;
}

const NO_DECAY = /bias|layernorm|rmsnorm|(?:^|\.)norm(?:$|\.)|_norm(?:$|\.)|(?:^|\.)ln(?:_\w+)?\./i;

export function sameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}
