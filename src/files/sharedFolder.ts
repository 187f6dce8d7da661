import { readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

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
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** Removes a folder of a job with what is in it, and the folder of all jobs once it is empty. */
export async function removeJobFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  const base = dirname(path);
  if ((await readdir(base)).length === 0) {
    await rmdir(base);
  }
}
