import { isFloating } from "#core/dtype.ts";
import type { TensorEntry, TensorKind } from "#core/tensor.ts";

import { tensorKind } from "./tensorKind.ts";

/** A leaf of a tree of JAX, named by its path with `/`. */
export type TreeLeaf = Omit<TensorEntry, "kind" | "parameter"> & {
  /** A plain number that was saved as an array: a step, a learning rate. */
  readonly isScalar?: boolean;
};

/**
 * Gives leaves their kinds by their paths: below `opt_state` the names of optax's states say what they hold, and their
 * subtrees mirror the parameters'. Nothing there is taken for a weight. The origin is the name of the file or folder.
 */
export function withKinds(leaves: readonly TreeLeaf[], origin: string): TensorEntry[] {
  const roles = leaves.map((leaf) => roleOf(leaf, origin));
  const hasStates = roles.some(({ mirrored }) => mirrored !== undefined);
  const parameters = parametersOf(hasStates ? leaves.filter((_, at) => roles[at]?.kind === "weight") : []);
  return leaves.map(({ name, dtype, shape, elements, file, parts }, at) => {
    const { kind, mirrored } = roles[at] ?? ROLES.other;
    const parameter = mirrored === undefined ? undefined : parameters.get(withoutRoot(mirrored));
    const matches = parameter !== undefined && String(parameter.shape) === String(shape);
    const leaf = { name, kind, dtype, shape, elements, file, parts };
    return matches ? { ...leaf, parameter: parameter.name } : leaf;
  });
}

interface Role {
  readonly kind: TensorKind;
  /** The path of the parameter that it belongs to, as far as its own path tells it. */
  readonly mirrored?: string;
}

function roleOf({ name, dtype, isScalar = false }: TreeLeaf, origin: string): Role {
  const state = STATE.exec(name);
  if (state === null) {
    return ROLES[isScalar ? "other" : tensorKind({ name, dtype, file: origin, declared: undefined })];
  }
  const below = name.slice(state.index + state[0].length).split("/");
  // t5x keeps states below parameters, optax parameters below states.
  const isParameterFirst = state[0].includes("param_states");
  const at = isParameterFirst ? below.length - 1 : below.findIndex((key) => STATE_KINDS.has(key));
  const kind = STATE_KINDS.get(below[at] ?? "");
  if (kind === undefined || isScalar || !isFloating(dtype)) {
    return ROLES.other;
  }
  return { kind, mirrored: (isParameterFirst ? below.slice(0, at) : below.slice(at + 1)).join("/") };
}

/** Roles without a parameter, once each. */
const ROLES: Readonly<Record<TensorKind, Role>> = {
  gradient: { kind: "gradient" },
  weight: { kind: "weight" },
  moment1: { kind: "moment1" },
  moment2: { kind: "moment2" },
  momentum: { kind: "momentum" },
  other: { kind: "other" },
};

/** Where an optimizer's state begins. */
const STATE = /(?:^|\/)(?:(?:opt|optim|optimizer)_states?|param_states|optimizer\/state)\/(?:param_states\/)?/;

/** Fields of optax's states, and of those of flax.optim. Factored moments are no moments of the parameter's shape. */
const STATE_KINDS: ReadonlyMap<string, TensorKind> = new Map(
  Object.entries<TensorKind>({
    mu: "moment1",
    m: "moment1",
    grad_ema: "moment1",
    nu: "moment2",
    v: "moment2",
    sum_of_squares: "moment2",
    grad_sq_ema: "moment2",
    e_g: "moment2",
    trace: "momentum",
    momentum: "momentum",
  }),
);

interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** By their paths below `params`; of two with the same path neither. */
function parametersOf(weights: readonly TreeLeaf[]): ReadonlyMap<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  const twice = new Set<string>();
  for (const weight of weights) {
    const path = withoutRoot(weight.name);
    if (parameters.has(path)) {
      twice.add(path);
    }
    parameters.set(path, weight);
  }
  twice.forEach((path) => parameters.delete(path));
  return parameters;
}

function withoutRoot(path: string): string {
  return path.replace(ROOT, "");
}

const ROOT = /^(?:.*?\/)??(?:params|target|model)\//;
