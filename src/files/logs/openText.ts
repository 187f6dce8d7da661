import { compressionOf, MAGIC_BYTES, openCompressed } from "./compressed.ts";
import type { Decompress } from "./compressed.ts";
import { identityAt } from "../identity.ts";
import { openForReading } from "../readHandle.ts";
import type { ReadHandle } from "../readHandle.ts";
import { readUpTo } from "../readRange.ts";
import type { TextSource } from "./textSource.ts";

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
