import type { NotRead, OptimizerDescription } from "#core/checkpoint.ts";
import type { DType } from "#core/dtype.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { elementsOf, type TensorPart } from "#core/tensorPart.ts";
import { firstNames } from "#l10n/lists.ts";
import { t } from "@vscode/l10n";

import { kindOfSlot } from "../dcp/names.ts";
import type { PickledTensor } from "../pickle/pickledTensor.ts";
import { tensorKind } from "../shared/tensorKind.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { type Fragment, fragmentsOfGroup, fragmentsOfStage3, type NamedShape } from "./fragments.ts";
import type { ModelState } from "./model.ts";
import type { RankState } from "./optimizer.ts";
import { type FlatVector, sliceOf } from "./vector.ts";

/** The files of one model-parallel rank. */
export interface RankFiles {
  /** One, or with stage 3 one of each data-parallel rank. */
  readonly models: readonly ModelState[];
  /** In the order of the data-parallel ranks. */
  readonly states: readonly RankState[];
}

export interface Assembled {
  readonly tensors: readonly TensorEntry[];
  readonly optimizer?: OptimizerDescription;
  readonly notRead: readonly NotRead[];
  readonly notes: readonly string[];
}

/** Weights, and what the ranks' partitions hold, parameter by parameter. */
export function assemble(files: RankFiles): Assembled {
  const weights = weightsOf(files);
  const owned = new Set(weights.map(({ name }) => name));
  const notRead: NotRead[] = files.models.slice(0, 1).flatMap((model) => model.notRead);
  const groups = groupsOf(files);
  const fragments = fragmentsOf(files, groups);
  const states = Array.from(fragments).flatMap(([parameter, found]) => {
    const read = statesOf(files, parameter, found);
    read.notRead.forEach((one) => notRead.push(one));
    return read.tensors.map((tensor) => asWeight(tensor, owned));
  });
  return {
    tensors: [...weights, ...states, ...loosePartitions(files, groups), ...stepTensors(files)],
    ...(files.states.length === 0 ? {} : { optimizer: describeOptimizer(files, groups, fragments) }),
    notRead,
    notes: notesOn(files, owned, groups),
  };
}

/** Of stages 1 and 2 one list for all groups does not tell where a group's parameters are. */
function groupsOf({ models: [model], states: [state] }: RankFiles): readonly (readonly NamedShape[])[] {
  return model === undefined || (model.isOneList && state !== undefined && state.stage !== 3) ? [] : model.groups;
}

/** Of tensors that the model's files hold in full, and of frozen ones that ranks share. */
function weightsOf({ models }: RankFiles): readonly TensorEntry[] {
  const [first] = models;
  if (first === undefined) {
    return [];
  }
  const cut = new Set([...first.groups.flat(), ...first.frozen].map(({ name }) => name));
  const whole = Array.from(first.weights)
    .filter(([name, { elements }]) => !first.aliases.has(name) && (elements > 0 || !cut.has(name)))
    .map(([name, tensor]) => weightEntry(name, tensor));
  const known = new Set(whole.map(({ name }) => name));
  const frozen = first.frozen
    .filter(({ name }) => !known.has(name))
    .flatMap((shape) => frozenEntry(shape, models) ?? []);
  return [...whole, ...frozen];
}

function weightEntry(name: string, { dtype, shape, elements, parts }: PickledTensor): TensorEntry {
  const file = parts[0]?.file ?? "";
  return {
    name,
    kind: tensorKind({ name, dtype, file: "", declared: undefined }),
    dtype,
    shape,
    elements,
    file,
    parts,
  };
}

function frozenEntry({ name, shape }: NamedShape, models: readonly ModelState[]): TensorEntry | undefined {
  const vectors = models.map((model) => model.frozenFragments.get(name));
  let left = elementsOf(shape);
  const parts = vectors.flatMap((vector) => {
    const elements = Math.min(left, vector?.elements ?? 0);
    left -= elements;
    return vector === undefined || elements === 0 ? [] : (sliceOf(vector, 0, elements) ?? []);
  });
  const dtype = vectors[0]?.dtype;
  return dtype === undefined || left !== 0
    ? undefined
    : { name, kind: "weight", dtype, shape, elements: elementsOf(shape), file: parts[0]?.file ?? "", parts };
}

type Fragments = ReadonlyMap<string, Found>;

interface Found {
  readonly shape: readonly number[];
  /** Missing when the ranks do not hold it in full. */
  readonly fragments: readonly Fragment[] | undefined;
}

function fragmentsOf({ states }: RankFiles, groups: readonly (readonly NamedShape[])[]): Fragments {
  const [first] = states;
  if (first === undefined) {
    return new Map();
  }
  const found =
    first.stage === 3
      ? [
          fragmentsOfStage3(
            groups.flat(),
            first.groups.map(({ slots }) => slots.get("fp32")?.elements ?? 0),
            states.length,
          ),
        ]
      : groups.map((shapes, group) =>
          isLoose(states, group) ? new Map<string, undefined>() : ofGroup(states, shapes, group),
        );
  const shapes = new Map(groups.flat().map(({ name, shape }) => [name, shape]));
  return new Map(
    found.flatMap((each) =>
      Array.from(each, ([name, fragments]) => [name, { shape: shapes.get(name) ?? [], fragments }] as const),
    ),
  );
}

function ofGroup(
  states: readonly RankState[],
  shapes: readonly NamedShape[],
  group: number,
): ReadonlyMap<string, readonly Fragment[] | undefined> {
  const ranks = states.map((state) => state.groups[group] ?? { elements: 0, mapping: undefined });
  return fragmentsOfGroup(shapes, group, ranks);
}

/** Experts are cut among fewer ranks than there are, and which rank has which is not in the files. */
function isLoose(states: readonly RankState[], group: number): boolean {
  const count = states[0]?.partitionCounts[group];
  return count !== undefined && count < states.length;
}

function statesOf(
  { states }: RankFiles,
  parameter: string,
  { shape, fragments }: Found,
): { readonly tensors: readonly TensorEntry[]; readonly notRead: readonly NotRead[] } {
  if (fragments === undefined) {
    const what = t(
      "a parameter of shape [{0}] that the ranks' partitions do not hold in full",
      shape.slice(0, 8).join(", "),
    );
    return { tensors: [], notRead: [{ name: tensorLabel(parameter), what }] };
  }
  const tensors: TensorEntry[] = [];
  const notRead: NotRead[] = [];
  for (const slot of slotsAt(states, fragments)) {
    const vectors = fragments.map((each) => states[each.rank]?.groups[each.group]?.slots.get(slot));
    const placed = placeSlices(fragments, vectors);
    if (placed === undefined) {
      notRead.push({ name: `${slot}/${tensorLabel(parameter)}`, what: t("a state that not all ranks have alike") });
    } else {
      const [elements, file, kind] = [elementsOf(shape), placed.parts[0]?.file ?? "", kindOfSlot(slot, placed.dtype)];
      tensors.push({ name: `${slot}/${parameter}`, kind, ...placed, shape, elements, file, parameter });
    }
  }
  return { tensors, notRead };
}

function slotsAt(states: readonly RankState[], [first]: readonly Fragment[]): readonly string[] {
  return first === undefined ? [] : Array.from(states[first.rank]?.groups[first.group]?.slots.keys() ?? []);
}

interface Placed {
  readonly dtype: DType;
  readonly parts: readonly TensorPart[];
}

function placeSlices(fragments: readonly Fragment[], vectors: readonly (FlatVector | undefined)[]): Placed | undefined {
  const dtype = vectors[0]?.dtype;
  const parts = fragments.flatMap(({ start, elements }, at) => {
    const vector = vectors[at];
    return vector === undefined || vector.dtype !== dtype ? [] : (sliceOf(vector, start, elements) ?? []);
  });
  return dtype !== undefined && parts.length === fragments.length ? { dtype, parts } : undefined;
}

/** Copies in float32 are the weights themselves where there are no others. */
function asWeight(tensor: TensorEntry, owned: ReadonlySet<string>): TensorEntry {
  const isCopy = tensor.name.startsWith("fp32/");
  return isCopy && !owned.has(tensor.parameter ?? "") ? { ...tensor, kind: "weight" } : tensor;
}

function loosePartitions({ states }: RankFiles, groups: readonly (readonly NamedShape[])[]): readonly TensorEntry[] {
  const [first] = states;
  const all = first === undefined || first.stage === 3 ? [] : Array.from(first.groups.keys());
  const loose = all.filter((group) => groups[group] === undefined || isLoose(states, group));
  return states.flatMap((state, rank) =>
    loose.flatMap((group) =>
      Array.from(state.groups[group]?.slots ?? [], ([slot, { dtype, elements, part }]): TensorEntry => {
        const name = `rank_${rank}/group_${group}/${slot}`;
        return {
          name,
          kind: kindOfSlot(slot, dtype),
          dtype,
          shape: [elements],
          elements,
          file: part.file,
          parts: [part],
        };
      }),
    ),
  );
}

/** All ranks count the same steps. */
function stepTensors({ states }: RankFiles): readonly TensorEntry[] {
  return (states[0]?.groups ?? []).flatMap(({ stepTensor }, group) =>
    stepTensor === undefined ? [] : [{ ...weightEntry(`step/group_${group}`, stepTensor), kind: "other" as const }],
  );
}

function describeOptimizer(
  { states }: RankFiles,
  groups: readonly (readonly NamedShape[])[],
  fragments: Fragments,
): OptimizerDescription {
  const [first] = states;
  const steps = Array.from(fragments).flatMap(([name, { fragments: found }]) => {
    const step = first?.groups[found?.[0]?.group ?? 0]?.step;
    return step === undefined ? [] : [[name, step] as const];
  });
  return {
    groups: groups.map((shapes, at) => ({
      numbers: first?.settings[at] ?? {},
      parameters: shapes.map(({ name }) => name),
    })),
    steps: new Map(steps),
  };
}

function notesOn(
  { models, states }: RankFiles,
  owned: ReadonlySet<string>,
  groups: readonly (readonly NamedShape[])[],
): readonly string[] {
  const [state] = states;
  const aliases = Array.from(models[0]?.aliases ?? [], ([alias, name]) =>
    t("{0} is {1}", tensorLabel(alias), tensorLabel(name)),
  );
  const hasOwn = groups.flat().some(({ name }) => owned.has(name));
  const copies = hasOwn
    ? t("The copies of the weights in float32 are listed as fp32/…, of kind other, so that weights count once.")
    : t("The only weights are those in float32, listed as fp32/….");
  return [
    ...(state === undefined
      ? []
      : [
          t("ZeRO stage {0} of {1} ranks: their partitions were put together. {2}", state.stage, states.length, copies),
        ]),
    ...(groups.some((_, group) => state?.stage !== 3 && isLoose(states, group))
      ? [t("Partitions of experts are listed rank by rank: which parameters they hold is not in the files.")]
      : []),
    ...(state !== undefined && state.stage !== 3 && groups.length < state.groups.length
      ? [
          t(
            "The ranks' partitions are listed one by one: this version of DeepSpeed did not say which parameters they hold.",
          ),
        ]
      : []),
    ...(aliases.length === 0 ? [] : [t("Shared weights are listed once: {0}.", firstNames(aliases, 5))]),
  ];
}
