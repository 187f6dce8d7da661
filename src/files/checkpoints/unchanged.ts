import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { fileIdOf } from "../fileId.ts";
import { tracked } from "../openCalls.ts";
import type { FileByteSource } from "./byteSource.ts";

/**
 * A name for what a file holds, without reading it: where it truly lies, which file it is, how long and how old. When it was
 * changed last the system alone says; when it was written last also a program that puts an old time back.
 */
export async function stampOf({ path, id, size, modifiedMs, changedMs }: FileByteSource): Promise<string> {
  return JSON.stringify([await truePath(path), id, size, modifiedMs, changedMs]);
}

/** Where a path leads in the end. */
export async function truePath(path: string): Promise<string> {
  return tracked(path, realpath(path));
}

/** Whether the path still leads to the file that was opened, as it was then. */
export async function isUnchanged(source: FileByteSource): Promise<boolean> {
  const stats = await tracked(source.path, stat(source.path)).catch(() => undefined); // It is gone.
  return stats !== undefined && fileIdOf(stats) === source.id && isAsOpened(source, stats);
}

/** Whether the file that was opened has another content by now. One that was deleted or replaced keeps its own. */
export async function wasWritten(source: FileByteSource): Promise<boolean> {
  const stats = await tracked(source.path, stat(source.path)).catch(() => undefined);
  return stats !== undefined && fileIdOf(stats) === source.id && !isAsOpened(source, stats);
}

function isAsOpened({ size, modifiedMs }: FileByteSource, stats: Stats): boolean {
  return stats.size === size && Math.floor(stats.mtimeMs) === modifiedMs;
}
