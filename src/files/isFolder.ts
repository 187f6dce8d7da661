import { readdir, stat } from "node:fs/promises";

/** Whether a path is a folder. Rejects when nothing is there. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}

/** The names in a folder; undefined for a file. Rejects when nothing is there. */
export async function namesIn(path: string): Promise<readonly string[] | undefined> {
  return (await isFolder(path)) ? readdir(path) : undefined;
}
