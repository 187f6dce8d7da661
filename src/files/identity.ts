import { createHash } from "node:crypto";
import type { ReadHandle } from "./readHandle.ts";
import { readUpTo } from "./readRange.ts";

const SAMPLE_BYTES = 256;

/**
 * Names the file and what was read of it: inode, a hash of the first bytes and one of the last before `offset`.
 * A log that was truncated and grew past `offset` again, with the same first lines, still differs in the last.
 */
export async function identityAt(handle: ReadHandle, offset: number): Promise<string> {
  const { ino } = await handle.stat();
  const length = Math.min(SAMPLE_BYTES, offset);
  const first = await readUpTo(handle, 0, length);
  const last = await readUpTo(handle, offset - length, length);
  return `${ino}:${hashOf(first)}:${hashOf(last)}`;
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
