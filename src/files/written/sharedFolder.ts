import { readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { tracked } from "../openCalls.ts";

/**
 * The names in a folder that other machines write to. A network file system may show a listing of a minute ago, unless this
 * machine has changed the folder since: so a file comes and goes first.
 */
export async function freshNamesIn(folder: string): Promise<readonly string[]> {
  const probe = join(folder, `.looking-${hostname()}-${process.pid}`);
  await writeFile(probe, "");
  await rm(probe, { force: true });
  return readdir(folder);
}

/** The text of a file; undefined when it is not there. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await tracked(path, readFile(path, "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return undefined;
    }
    throw error;
  }
}

/** Removes a folder with what is in it. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes a folder when nothing is in it; others may be quicker to put something there, or to remove it. */
export async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOENT")) {
      throw error;
    }
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}
