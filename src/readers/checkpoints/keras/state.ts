import { isFloating } from "#core/dtype.ts";
import type { TensorKind } from "#core/tensor.ts";

import { matchByShape } from "../parameterNames/matchByShape.ts";
import type { Naming } from "../parameterNames/naming.ts";
import type { FoundTensor } from "./dataset.ts";
import type { KerasRole } from "./role.ts";

/** Of files that keep a model and its optimizer side by side: `optimizer_weights/adam/sequential_d1_kernel_momentum`. */
export function* legacyState(tensors: readonly FoundTensor[]): Generator<readonly [string, KerasRole], void> {
  const state = tensors.map(({ path }) => path).filter((path) => path.startsWith(STATE));
  const parameters = state.length === 0 ? new Map<string, string>() : parametersOf(tensors);
  for (const path of state) {
    const [, stem = "", word = ""] = WORD_AT_END.exec(path) ?? [];
    const kind = kindOf(word, path);
    const parameter = parameterOf(stem.slice(STATE.length), parameters);
    yield [path, { kind, ...(parameter === undefined ? {} : { parameter }) }];
  }
}

const STATE = "optimizer_weights/";
const WEIGHTS = "model_weights/";

/** The last word of a name: after a slash in Keras 2 (`kernel/m:0`), after an underscore in Keras 3 (`kernel_momentum`). */
const WORD_AT_END =
  /^(.*?)[/_](momentum|velocity|accumulated_grad|accumulated_delta_var|accumulator|accum_grad|rms|mg|m|v)(?::0)?$/;

/** The optimizers whose `momentum` is a mean of gradients, which Adam calls its first moment. */
const ADAM = /^(adam|adamw|nadam|adamax|lamb)(_\d+)?$/i;

const KINDS: ReadonlyMap<string, TensorKind> = new Map<string, TensorKind>([
  ["m", "moment1"],
  ["mg", "moment1"],
  ["v", "moment2"],
  ["rms", "moment2"],
  ["velocity", "moment2"],
  ["accumulator", "moment2"],
  ["accum_grad", "moment2"],
  ["accumulated_grad", "moment2"],
]);

function kindOf(word: string, path: string): TensorKind {
  if (word === "momentum") {
    return path.split("/").some((name) => ADAM.test(name)) ? "moment1" : "momentum";
  }
  return KINDS.get(word) ?? "other";
}

/** Paths of weights by their names within a layer, as an optimizer's state repeats them. */
function parametersOf(tensors: readonly FoundTensor[]): ReadonlyMap<string, string> {
  const named = tensors
    .filter(({ path }) => path.startsWith(WEIGHTS))
    .map(({ path }) => [plainName(path.slice(path.indexOf("/", WEIGHTS.length) + 1)), path] as const);
  return new Map(named);
}

function plainName(name: string): string {
  return name.replace(/:0$/, "").replaceAll("/", "_");
}

/** The optimizer's name, and in Keras 1 and 2 that of a phase, stand before the parameter's. */
function parameterOf(stem: string, parameters: ReadonlyMap<string, string>): string | undefined {
  const steps = stem.split("/");
  return steps.map((_, at) => parameters.get(plainName(steps.slice(at).join("/")))).find((path) => path !== undefined);
}

/**
 * Of Keras 3's own files: `optimizer/vars/2`, numbers in the order in which the optimizer made them. Whose they are the file
 * does not say, nor in which order the model has its layers: only shapes that leave no doubt name a row's parameter.
 */
export function archivedState(
  tensors: readonly FoundTensor[],
  groupNames: ReadonlyMap<string, string>,
): { readonly roles: readonly (readonly [string, KerasRole])[]; readonly notes: readonly string[] } {
  const roles: (readonly [string, KerasRole])[] = [];
  const notes: string[] = [];
  for (const [group, name] of groupNames) {
    if (OPTIMIZER_GROUP.test(group)) {
      // They come in the order of their numbers; 0 is the iteration, 1 the learning rate.
      const variables = tensors.filter(({ path }) => path.startsWith(`${group}/`));
      const row = ROWS.get(name.replace(/_\d+$/, "")) ?? [];
      const kinds = kindsOfRow(row, variables.slice(COUNTERS));
      const { names, rule } = namesOfRows(tensors, kinds.length === 0 ? [] : variables.slice(COUNTERS), row.length);
      notes.push(...(kinds.length === 0 ? [] : [rule]));
      for (const [at, { path }] of variables.entries()) {
        const parameter = names.get(Math.floor((at - COUNTERS) / row.length));
        roles.push([
          path,
          { kind: kinds[at - COUNTERS] ?? "other", ...(parameter === undefined ? {} : { parameter }) },
        ]);
      }
    }
  }
  return { roles, notes };
}

const OPTIMIZER_GROUP = /(^|\/)optimizer(\/inner_optimizer)?\/vars$/;
const COUNTERS = 2;

function namesOfRows(tensors: readonly FoundTensor[], variables: readonly FoundTensor[], rowLength: number): Naming {
  const rows = variables.filter((_, at) => at % rowLength === 0);
  const weights = tensors
    .filter(({ path, dtype }) => isFloating(dtype) && !OPTIMIZER_PLACE.test(path))
    .map(({ path, shape }) => ({ name: path, shape, isInOrder: false }));
  return matchByShape(
    rows.map(({ shape }, id) => ({ id, group: 0, shape })),
    weights,
  );
}

const OPTIMIZER_PLACE = /(^|\/)optimizer\//;

/** What each optimizer keeps of every parameter, in its order. */
const ROWS: ReadonlyMap<string, readonly TensorKind[]> = new Map<string, readonly TensorKind[]>([
  ["adam", ["moment1", "moment2"]],
  ["adamw", ["moment1", "moment2"]],
  ["lamb", ["moment1", "moment2"]],
  ["adamax", ["moment1", "other"]],
  ["adadelta", ["moment2", "other"]],
  ["sgd", ["momentum"]],
  ["lion", ["momentum"]],
  ["rmsprop", ["moment2"]],
  ["adagrad", ["moment2"]],
]);

/** Nothing where the shapes say that the optimizer keeps something else as well: a row's tensors have one shape. */
function kindsOfRow(row: readonly TensorKind[], variables: readonly FoundTensor[]): readonly TensorKind[] {
  const isWhole = row.length > 0 && variables.length % row.length === 0;
  const fits = variables.every(({ shape }, at) => String(shape) === String(variables[at - (at % row.length)]?.shape));
  return isWhole && fits ? variables.map((_, at) => row[at % row.length] ?? "other") : [];
}
