import { realpath, stat } from "node:fs/promises";
import { fileIdOf } from "./fileId.ts";
import type { FileByteSource } from "./byteSource.ts";

/** A name for what a file holds, without reading it: where it truly lies, which file it is, how long and how old. */
export async function stampOf({ path, id, size, modifiedMs }: FileByteSource): Promise<string> {
  return JSON.stringify([await realpath(path), id, size, modifiedMs]);
}

/** Where a path leads in the end. */
export async function truePath(path: string): Promise<string> {
  return realpath(path);
}

/** Whether the path still leads to the file that was opened, as it was then. */
export async function isUnchanged({ path, id, size, modifiedMs }: FileByteSource): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined); // It is gone.
  return (
    stats !== undefined && fileIdOf(stats) === id && stats.size === size && Math.floor(stats.mtimeMs) === modifiedMs
  );
}
