import type { Segment } from "../python/chain.ts";
import { plainName } from "#core/names/plainName.ts";
import type { TensorPattern } from "./pattern.ts";

/** The tensor names of a run, prepared for being looked up. */
export interface TensorIndex {
  /** Which names have a segment; each name once. */
  readonly having: ReadonlyMap<string, readonly NamedTensor[]>;
  /** Every module and tensor there is: `h`, `h.0`, `h.0.attn`, … */
  readonly paths: ReadonlySet<string>;
}

interface NamedTensor {
  readonly name: string;
  readonly segments: readonly string[];
}

const NUMBERED = /^(.+)_(\d+)$/; // Flax: layers_0 is layers[0].
const ANY = "*";

export function createTensorIndex(names: Iterable<string>): TensorIndex {
  const tensors = Array.from(names).flatMap((name) => spellingsOf(name).map((segments) => ({ name, segments })));
  const having = new Map<string, NamedTensor[]>();
  for (const tensor of tensors) {
    for (const segment of new Set(tensor.segments)) {
      const others = having.get(segment);
      if (others === undefined) {
        having.set(segment, [tensor]);
      } else {
        others.push(tensor);
      }
    }
  }
  const paths = new Set(tensors.flatMap(({ segments }) => segments.map((_, end) => pathOf(segments, end + 1))));
  return { having, paths };
}

/** How source can write a name: without what wrappers add; with numbered attributes of Flax as items of a list. */
function spellingsOf(name: string): readonly (readonly string[])[] {
  const plain = plainName(name.replace(/:\d+$/, "").replace(/[./]grad$/, "")).split(".");
  const split = plain.flatMap((segment) => NUMBERED.exec(segment)?.slice(1) ?? [segment]);
  return split.length === plain.length ? [plain] : [plain, split];
}

/** A pattern's segments without what wrappers add: sources write `model.module` too. */
function plainSegments(segments: readonly Segment[]): readonly Segment[] {
  const plain = plainName(segments.map((segment) => segment ?? ANY).join("."));
  return plain.split(".").map((segment) => (segment === ANY ? null : segment));
}

/** How precisely a name answers to a pattern: is it, begins with it, ends with it, has it inside. */
const WAYS = [isWhole, beginsWith, endsWith, hasInside] as const;

/**
 * The names that the first choice with any names means, in the order of the run: one when it is clear, several when the
 * source does not say which, or names a module.
 */
export function matchTensors(index: TensorIndex, choices: readonly (readonly TensorPattern[])[]): readonly string[] {
  for (const patterns of choices) {
    const found = new Set(patterns.flatMap((pattern) => matchPattern(index, pattern)));
    if (found.size > 0) {
      return Array.from(found);
    }
  }
  return [];
}

/** The most precise way first; of one way the pattern with the fewest segments left out. */
function matchPattern(index: TensorIndex, pattern: TensorPattern): readonly string[] {
  const { segments, optional, mayHavePrefix, siblings } = pattern;
  const told = Array.from({ length: optional + 1 }, (_, dropped) => plainSegments(segments.slice(dropped)));
  for (const way of WAYS) {
    const tried = way === isWhole || way === beginsWith ? told : told.slice(mayHavePrefix ? -1 : told.length);
    for (const wanted of tried) {
      const found = candidatesOf(index, wanted).filter(({ segments: name }) => {
        const start = way(name, wanted);
        return start === 0 || (start > 0 && hasSibling(index, name.slice(0, start), siblings));
      });
      if (found.length > 0) {
        return found.map(({ name }) => name);
      }
    }
  }
  return [];
}

/** The names with the rarest segment of a pattern. */
function candidatesOf({ having }: TensorIndex, segments: readonly Segment[]): readonly NamedTensor[] {
  const lists = segments.flatMap((segment) => (segment === null ? [] : [having.get(segment) ?? []]));
  return lists.toSorted((a, b) => a.length - b.length)[0] ?? []; // Without any, a pattern says nothing.
}

/** Whether what stands in front is an owner of one of these. */
function hasSibling({ paths }: TensorIndex, owner: readonly string[], siblings: readonly string[]): boolean {
  return siblings.length === 0 || siblings.some((sibling) => paths.has(pathOf([...owner, sibling], owner.length + 1)));
}

function pathOf(segments: readonly string[], end: number): string {
  return segments.slice(0, end).join(".");
}

/** Each gives where in the name the wanted segments begin, -1 where they are not. */
function isWhole(name: readonly string[], wanted: readonly Segment[]): number {
  return name.length === wanted.length && isAt(name, wanted, 0) ? 0 : -1;
}

function beginsWith(name: readonly string[], wanted: readonly Segment[]): number {
  return name.length > wanted.length && isAt(name, wanted, 0) ? 0 : -1;
}

function endsWith(name: readonly string[], wanted: readonly Segment[]): number {
  const start = name.length - wanted.length;
  return start > 0 && isAt(name, wanted, start) ? start : -1;
}

function hasInside(name: readonly string[], wanted: readonly Segment[]): number {
  return name.findIndex((_, start) => start + wanted.length < name.length && isAt(name, wanted, start));
}

function isAt(name: readonly string[], wanted: readonly Segment[], start: number): boolean {
  return wanted.every((segment, index) => segment === null || name[start + index] === segment);
}
