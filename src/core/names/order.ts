import { addressOf, type Section, type TensorAddress } from "./tensorAddress.ts";

/** Items in the order in which a model computes: stem, blocks by number, final norm, head. Where names tell nothing, as given. */
export function inModelOrder<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, address: addressOf(nameOf(item)) }))
    .toSorted((a, b) => compareAddresses(a.address, b.address))
    .map(({ item }) => item);
}

/** Negative when the first one comes first; 0 where names do not tell. Numbers are compared as numbers: 2 before 10. */
export function compareAddresses(a: TensorAddress, b: TensorAddress): number {
  return compareNumbers(placeOf(a), placeOf(b));
}

/** A stage comes before its blocks, and a block before its experts. */
function placeOf({ track, section, block, expert }: TensorAddress): readonly number[] {
  return [track, SECTION_ORDER[section], ...block, ...(expert === null ? [] : [expert])];
}

const SECTION_ORDER: Readonly<Record<Section, number>> = { stem: 0, body: 1, finalNorm: 2, head: 3 };

/** By the first number that differs; what ends first comes first. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [at, ordinal] of a.entries()) {
    const other = b[at];
    if (other === undefined) {
      return 1;
    }
    if (ordinal !== other) {
      return ordinal - other;
    }
  }
  return a.length - b.length;
}
