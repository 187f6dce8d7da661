import type { NotRead } from "#core/checkpoint.ts";
import type { DType } from "#core/dtype.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { elementsOf, type TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { kindOfSlot } from "../dcp/names.ts";
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

/** What the ranks hold of each parameter, by its name. */
export type Fragments = ReadonlyMap<string, FoundFragments>;

export interface FoundFragments {
  readonly shape: readonly number[];
  /** Missing when the ranks do not hold it in full. */
  readonly fragments: readonly Fragment[] | undefined;
}

export function fragmentsOf({ states }: RankFiles, groups: readonly (readonly NamedShape[])[]): Fragments {
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
export function isLoose(states: readonly RankState[], group: number): boolean {
  const count = states[0]?.partitionCounts[group];
  return count !== undefined && count < states.length;
}

/** The optimizer's states of one parameter, each put together from what the ranks hold of it. */
export function statesOf(
  { states }: RankFiles,
  parameter: string,
  { shape, fragments }: FoundFragments,
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

/** Partitions of which the files do not tell whose they are, as one tensor each. */
export function loosePartitions(
  { states }: RankFiles,
  groups: readonly (readonly NamedShape[])[],
): readonly TensorEntry[] {
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
