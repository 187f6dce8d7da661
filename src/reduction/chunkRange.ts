import type { Layout } from "./layout.ts";

/** Chunks of a tensor from one up to another, which is not among them; they are numbered through its parts. */
export interface ChunkRange {
  readonly first: number;
  readonly end: number;
}

export const ALL_CHUNKS: ChunkRange = { first: 0, end: Infinity };

export function chunkCount({ elements }: Layout, chunkElements: number): number {
  return Math.ceil(elements / chunkElements);
}

/** Those that both have, counted from `start`; with none `end` is not after `first`. */
export function overlap(range: ChunkRange, start: number, count: number): ChunkRange {
  return { first: Math.max(0, range.first - start), end: Math.min(count, range.end - start) };
}
