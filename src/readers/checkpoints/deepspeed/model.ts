import { t } from "@vscode/l10n";
import { entriesOf, itemsOf, textOf, valueAt } from "../pickle/access.ts";
import type { PickleValue } from "../pickle/values.ts";
import { type PickledCheckpoint, type PickledTensor, tensorOf } from "../pickle/pickledTensor.ts";
import type { NamedShape } from "./fragments.ts";
import { type FlatVector, vectorOf } from "./vector.ts";

/** What a file `…_model_states.pt` says. */
export interface ModelState {
  /** Weights and buffers that lie in it in full; parameters that are cut among ranks are empty there. */
  readonly weights: ReadonlyMap<string, PickledTensor>;
  /** Parameters that are trained, group by group, in the order in which they were flattened. */
  readonly groups: readonly (readonly NamedShape[])[];
  /** As versions before 0.6 write them: in one list, whose order is only that of stage 3's elements. */
  readonly isOneList: boolean;
  readonly frozen: readonly NamedShape[];
  /** What this rank has of those that are frozen, with its padding. */
  readonly frozenFragments: ReadonlyMap<string, FlatVector>;
  /** Names of parameters that are others by another name. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly notRead: readonly { readonly name: string; readonly what: string }[];
  readonly metadata: Readonly<Record<string, string>>;
}

export function modelStateOf(pickled: PickledCheckpoint): ModelState {
  const { root } = pickled;
  const named = entriesOf(valueAt(root, "module")) ?? [];
  const weights = new Map<string, PickledTensor>();
  const notRead: { name: string; what: string }[] = [];
  for (const [key, value] of named) {
    const name = textOf(key) ?? "";
    const tensor = tensorOf(pickled, value, name);
    if (tensor?.kind === "ok") {
      weights.set(name, tensor.value);
    } else if (tensor !== undefined) {
      notRead.push({ name, what: tensor.what ?? t("a tensor that is cut off") });
    }
  }
  return {
    weights,
    groups: groupsIn(valueAt(root, "param_shapes")),
    isOneList: entriesOf(valueAt(root, "param_shapes")) !== undefined,
    frozen: shapesIn(valueAt(root, "frozen_param_shapes")),
    frozenFragments: vectorsIn(pickled, valueAt(root, "frozen_param_fragments")),
    aliases: aliasesIn(valueAt(root, "shared_params")),
    notRead,
    metadata: plainOf(root),
  };
}

/** A dict for each group, or one for all of them. */
function groupsIn(value: PickleValue | undefined): readonly (readonly NamedShape[])[] {
  return itemsOf(value)?.map(shapesIn) ?? (entriesOf(value) === undefined ? [] : [shapesIn(value)]);
}

function shapesIn(value: PickleValue | undefined): NamedShape[] {
  return (entriesOf(value) ?? []).flatMap(([key, size]) => {
    const name = textOf(key);
    const shape = itemsOf(size)?.map((each) => (typeof each === "number" ? each : Number.NaN));
    return name === undefined || shape === undefined ? [] : [{ name, shape }];
  });
}

function vectorsIn(pickled: PickledCheckpoint, value: PickleValue | undefined): ReadonlyMap<string, FlatVector> {
  const vectors = (entriesOf(value) ?? []).flatMap(([key, each]) => {
    const vector = vectorOf(pickled, each);
    return vector === undefined ? [] : [[textOf(key) ?? "", vector] as const];
  });
  return new Map(vectors);
}

/** A dict, in older files a list of pairs. */
function aliasesIn(value: PickleValue | undefined): ReadonlyMap<string, string> {
  const pairs = entriesOf(value) ?? itemsOf(value)?.map((pair) => itemsOf(pair) ?? []) ?? [];
  return new Map(
    pairs.flatMap(([alias, name]) => {
      const [from, to] = [textOf(alias), textOf(name)];
      return from === undefined || to === undefined ? [] : [[from, to] as const];
    }),
  );
}

const PLAIN = [
  "global_steps",
  "skipped_steps",
  "global_samples",
  "dp_world_size",
  "mp_world_size",
  "ds_version",
  "iteration",
];

function plainOf(root: PickleValue): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PLAIN.flatMap((name) => {
      const value = valueAt(root, name);
      const text = typeof value === "number" ? String(value) : textOf(value);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}
