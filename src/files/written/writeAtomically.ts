import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { t } from "@vscode/l10n";
import { withPath } from "../readHandle.ts";

/**
 * Writes a text file as a whole: beside its place first, to the disk, and renamed last. Whoever reads it, on whichever
 * machine, sees all of it or what was there before.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  if (await isDevice(path)) {
    await writeFile(path, text);
    return;
  }
  writes += 1;
  // Machines that share a folder share numbers; one process may write the same file twice at once.
  const unfinished = `${path}.${hostname()}-${process.pid}-${writes}.unfinished`;
  try {
    const file = await open(unfinished, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw isGone(error) ? new Error(describeMissingFolder(path)) : withPath(withoutPath(error), path);
  }
  await syncFolder(dirname(path));
}

let writes = 0;

function describeMissingFolder(path: string): string {
  return t("{0}: The folder that it would be written into is not there. Make it first.", path);
}

/** People asked for the file, not for what is written beside it first. */
function withoutPath(error: unknown): unknown {
  if (error instanceof Error && "path" in error) {
    delete error.path;
  }
  return error;
}

/** Something like /dev/stdout is written to, not replaced. */
async function isDevice(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined); // It is new, or what is wrong shows when it is written.
  return stats !== undefined && !stats.isFile();
}

/** Makes a folder and those above it where they are missing. */
export async function createFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
}

/** So that the new name, too, outlives a crash. Windows has no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") {
    return;
  }
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    // Whoever waited for the file may be done with it and have removed both.
    if (!isGone(error)) {
      throw error;
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESTALE");
}
