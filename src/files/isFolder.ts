import { readdir, stat } from "node:fs/promises";
import { tracked } from "./openCalls.ts";

/** Whether a path is a folder. Rejects when nothing is there. */
export async function isFolder(path: string): Promise<boolean> {
  return (await tracked(path, stat(path))).isDirectory();
}

/** The names in a folder; undefined for a file. Rejects when nothing is there. */
export async function namesIn(path: string): Promise<readonly string[] | undefined> {
  return (await isFolder(path)) ? tracked(path, readdir(path)) : undefined;
}
