import type { Share } from "#protocol/normsPart.ts";

/** The name of a share's file in the folder of its run. */
export function partName({ index, count }: Share): string {
  return `share-${index}-of-${count}.json`;
}

export function isPartName(name: string): boolean {
  return /^share-\d+-of-\d+\.json$/.test(name);
}
