import { compressionOf, MAGIC_BYTES, openCompressed } from "./compressed.ts";
import type { Decompress } from "./compressed.ts";
import { identityAt } from "./identity.ts";
import type { TextPosition } from "./logText.ts";
import { openForReading } from "./readHandle.ts";
import type { ReadHandle } from "./readHandle.ts";
import { readUpTo } from "./readRange.ts";

/** A text file's bytes, whether they are stored as they are or compressed. Whoever opens it closes it. */
export interface TextSource {
  /** Bytes of text; Infinity while the end of compressed text has not been met. */
  readonly size: () => number;
  /**
   * Up to `length` bytes from `offset`: fewer at the end. Offsets of compressed text may not go back. `memory` is where they
   * may be put.
   */
  readonly read: (offset: number, length: number, memory?: Buffer) => Promise<Buffer>;
  /** Names the file and what was read of it, up to `offset`. */
  readonly identityAt: (offset: number) => Promise<string>;
  /** Tells whether any of it changed, for files that are read as a whole. */
  readonly wholeIdentity: string;
  /** Whether a position is one of this file, as it is now; and whether nothing can lie after it. */
  readonly compare: (from: TextPosition) => Promise<"other" | "same" | "allRead">;
  /** Why the text ends before it should; null when all is well, also for a file that is still being written. */
  readonly damage: () => string | null;
  readonly close: () => Promise<void>;
}

/** `decompress` undefined: compressed files are read as they are. */
export async function openText(path: string, decompress: Decompress | undefined): Promise<TextSource> {
  const handle = await openForReading(path);
  try {
    const compression = compressionOf(await readUpTo(handle, 0, MAGIC_BYTES));
    if (decompress !== undefined && compression !== null) {
      return await openCompressed(handle, (bytes) => decompress(compression, bytes));
    }
    return await openPlain(handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openPlain(handle: ReadHandle): Promise<TextSource> {
  const { ino, size, mtimeMs } = await handle.stat();
  return {
    wholeIdentity: `${ino}:${size}:${mtimeMs}`,
    size: () => size,
    read: async (offset, length, memory) => readUpTo(handle, offset, Math.min(length, size - offset), memory),
    identityAt: async (offset) => identityAt(handle, offset),
    compare: async ({ offset, identity }) =>
      offset <= size && identity === (await identityAt(handle, offset)) ? "same" : "other",
    damage: () => null,
    close: async () => handle.close(),
  };
}
