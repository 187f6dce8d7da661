import { lstat, stat } from "node:fs/promises";
import { tracked } from "./openCalls.ts";

/** Whether nothing is there. What may not be looked at, or is on a disk that fails, is not gone. */
export async function isGone(path: string): Promise<boolean> {
  return isMissing(tracked(path, lstat(path)));
}

/** Whether there is nothing that could be read: it is gone, or a link to what is. */
export async function leadsNowhere(path: string): Promise<boolean> {
  return isMissing(tracked(path, stat(path)));
}

async function isMissing(look: Promise<unknown>): Promise<boolean> {
  try {
    await look;
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
  }
}
