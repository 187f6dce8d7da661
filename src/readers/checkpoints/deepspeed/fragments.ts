import { checkedProduct } from "../shared/product.ts";

/** A parameter as `param_shapes` lists it. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** So many elements of a parameter, from an element on of a flat group of a rank. */
export interface Fragment {
  readonly rank: number;
  readonly group: number;
  readonly start: number;
  readonly elements: number;
}

/** Where one rank says that parameters lie in its partition of a group. */
export type SliceMapping = ReadonlyMap<string, { readonly start: number; readonly elements: number }>;

/** What one rank has of one group. */
export interface PartitionShape {
  /** Elements of the partition, with its padding. */
  readonly elements: number;
  /** Missing in files of old versions. */
  readonly mapping?: SliceMapping | undefined;
}

/**
 * Stages 1 and 2: a group's parameters lie back to back, and each rank has an equal piece of that. `ranks` are the pieces of
 * one group. The elements of each parameter come in order; undefined for one that the pieces do not hold in full.
 */
export function fragmentsOfGroup(
  shapes: readonly NamedShape[],
  group: number,
  ranks: readonly PartitionShape[],
): ReadonlyMap<string, readonly Fragment[] | undefined> {
  const isMapped = ranks.every(isPartitioned);
  const found = new Map<string, readonly Fragment[] | undefined>();
  const ends = endsOf(ranks.map(({ elements }) => elements));
  let start = 0;
  for (const { name, shape } of shapes) {
    const elements = checkedProduct(shape) ?? Number.NaN;
    const fragments = isMapped
      ? mapped(name, group, ranks)
      : cut({ start, elements }, ends).map(({ piece, ...own }) => ({ rank: piece, group, ...own }));
    found.set(name, sumOf(fragments) === elements ? fragments : undefined);
    start += elements;
  }
  return found;
}

/** Slices that are more than their partition would be read again and again. */
function isPartitioned({ mapping, elements }: PartitionShape): boolean {
  const total = Array.from(mapping?.values() ?? []).reduce((sum, slice) => sum + slice.elements, 0);
  return mapping !== undefined && total <= elements;
}

function mapped(name: string, group: number, ranks: readonly PartitionShape[]): readonly Fragment[] {
  return ranks.flatMap(({ mapping }, rank) => {
    const slice = mapping?.get(name);
    return slice === undefined ? [] : [{ rank, group, ...slice }];
  });
}

interface Range {
  readonly start: number;
  readonly elements: number;
}

/** Ends of pieces that follow each other. */
function endsOf(pieces: readonly number[]): readonly number[] {
  let end = 0;
  return pieces.map((elements) => (end += elements));
}

interface Cut extends Range {
  readonly piece: number;
}

/** What pieces have of a range, and where in them. */
function cut({ start, elements }: Range, ends: readonly number[]): readonly Cut[] {
  const cuts: Cut[] = [];
  for (let piece = firstAfter(start, ends), at = start; at < start + elements && piece < ends.length; piece += 1) {
    const [from, to] = [ends[piece - 1] ?? 0, Math.min(start + elements, ends[piece] ?? 0)];
    if (to > at) {
      cuts.push({ piece, start: at - from, elements: to - at });
      at = to;
    }
  }
  return cuts;
}

/** The first piece that ends after a place. */
function firstAfter(place: number, ends: readonly number[]): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ends[middle] ?? 0) > place) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/**
 * Stage 3: each parameter is cut into as many equal pieces as there are ranks, the last ones padded; a rank's pieces follow
 * each other in its flat groups, and may lie across two of them. `groups` are elements of these, the same on all ranks; they
 * hold nothing else, as zero_to_fp32.py demands.
 */
export function fragmentsOfStage3(
  shapes: readonly NamedShape[],
  groups: readonly number[],
  ranks: number,
): ReadonlyMap<string, readonly Fragment[] | undefined> {
  const found = new Map<string, readonly Fragment[] | undefined>();
  const ends = endsOf(groups);
  let offset = 0;
  for (const { name, shape } of shapes) {
    const elements = checkedProduct(shape) ?? Number.NaN;
    const piece = Math.ceil(elements / ranks);
    const fragments = Array.from({ length: ranks }, (_, rank) => {
      const own = Math.max(0, Math.min(piece, elements - rank * piece));
      return cut({ start: offset, elements: own }, ends).map(({ piece: group, ...each }) => ({ rank, group, ...each }));
    }).flat();
    found.set(name, sumOf(fragments) === elements ? fragments : undefined);
    offset += piece;
  }
  // Groups that hold more or less were cut for other ranks than there are: no piece would be where it is looked for.
  return offset === ends.at(-1) ? found : new Map(shapes.map(({ name }) => [name, undefined]));
}

function sumOf(fragments: readonly Fragment[]): number {
  return fragments.reduce((sum, { elements }) => sum + elements, 0);
}
