import { addressOf, type Section, type TensorAddress } from "./tensorAddress.ts";

/** Items in the order in which a model computes: stem, blocks by number, final norm, head. Where names tell nothing, as given. */
export function inModelOrder<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, place: placeOf(addressOf(nameOf(item))) }))
    .toSorted((a, b) => compareNumbers(a.place, b.place))
    .map(({ item }) => item);
}

/** A stage comes before its blocks, and a block before its experts. */
function placeOf({ track, section, block, expert }: TensorAddress): readonly number[] {
  return [track, SECTION_ORDER[section], ...block, ...(expert === null ? [] : [expert])];
}

const SECTION_ORDER: Readonly<Record<Section, number>> = { stem: 0, body: 1, finalNorm: 2, head: 3 };

/** By the first number that differs; what ends first comes first. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const common = Math.min(a.length, b.length);
  for (let at = 0; at < common; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return a.length - b.length;
}
