import { crc32 } from "node:zlib";

/** Records are cut at the borders of blocks into fragments, each with a check, its length and its type before it. */
const BLOCK_BYTES = 32_768;
export const FRAGMENT_HEADER_BYTES = 7;

export const FULL = 1;
export const FIRST = 2;
export const LAST = 4;

/** What stands at a place: a fragment, one whose end is missing yet, or none that checks. */
export interface Fragment {
  readonly kind: "whole" | "cut" | "broken";
  readonly type: number;
  readonly end: number;
}

/** Where the block ends that holds a place, given where in the file the bytes begin. */
export function blockEnd(at: number, offset: number): number {
  return at + BLOCK_BYTES - ((offset + at) % BLOCK_BYTES);
}

export function fragmentAt(bytes: Uint8Array, at: number, limit: number): Fragment {
  const checkAt = at + 4 + 2;
  const type = bytes[checkAt] ?? 0;
  const end = at + FRAGMENT_HEADER_BYTES + ((bytes[at + 4] ?? 0) | ((bytes[at + 5] ?? 0) << 8));
  if (type < FULL || type > LAST || end > limit) {
    return { kind: "broken", type, end: at + FRAGMENT_HEADER_BYTES };
  }
  if (end > bytes.length) {
    return { kind: "cut", type, end };
  }
  // The type is checked with the data.
  const isIntact = crc32(bytes.subarray(checkAt, end)) === wordAt(bytes, at);
  return { kind: isIntact ? "whole" : "broken", type, end };
}

// What looks like a fragment within random bytes is mostly short; this only bounds what hostile bytes can cost.
const MAX_CHECKED_BYTES = 2 ** 22;

/**
 * Where the next fragment begins that checks, after a place with damage and before `limit`, null when there is none.
 * A damaged length hides where that is, so every byte may be it.
 */
export function fragmentAfter(bytes: Uint8Array, at: number, limit: number): number | null {
  let left = MAX_CHECKED_BYTES;
  const last = Math.min(limit, bytes.length) - FRAGMENT_HEADER_BYTES;
  for (let next = at + 1; next <= last && left > 0; next += 1) {
    const { kind, end } = fragmentAt(bytes, next, limit);
    if (kind === "whole") {
      return next;
    }
    left -= end - next - FRAGMENT_HEADER_BYTES;
  }
  return null;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}
