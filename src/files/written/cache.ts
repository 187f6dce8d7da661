import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** A small file of this user's cache folder; undefined when there is none, or none that can be read. */
export async function readCached(name: string): Promise<string | undefined> {
  try {
    return await readFile(join(cacheFolder(), name), "utf8");
  } catch {
    return undefined; // A cache may be empty.
  }
}

/** Writes it as a whole. Gives false where the folder cannot be written; what is cached can always be made again. */
export async function writeCached(name: string, text: string): Promise<boolean> {
  const path = join(cacheFolder(), name);
  const unfinished = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, text);
    await rename(unfinished, path);
    return true;
  } catch {
    await rm(unfinished, { force: true }).catch(() => undefined); // Where nothing can be written, often nothing can be removed.
    return false;
  }
}

/** Where the platform wants caches to be. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME = "", LOCALAPPDATA = "" } = process.env;
  if (process.platform === "win32" && LOCALAPPDATA !== "") {
    return join(LOCALAPPDATA, "Gradlens", "Cache");
  }
  const home = process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
  return join(XDG_CACHE_HOME === "" ? home : XDG_CACHE_HOME, "gradlens");
}
