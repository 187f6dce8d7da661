import { stat } from "node:fs/promises";

/** Whether a path is a folder. Rejects when nothing is there. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}
