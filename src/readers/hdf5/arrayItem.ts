import type { Cursor } from "./records.ts";

/** An entry of an array that finds chunks. */
export interface ArrayItem {
  readonly index: number;
  readonly entry: Cursor;
}

// Each is a chunk; a dataset of more is not listed anyway.
export const MAX_ITEMS = 2_000_000;
export const CHECKSUM_BYTES = 4;

/** Whether a bit is set, the highest of a byte first. */
export function hasBit(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0;
}
