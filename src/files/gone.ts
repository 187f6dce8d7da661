import { lstat } from "node:fs/promises";

/** Whether nothing is there. What may not be looked at, or is on a disk that fails, is not gone. */
export async function isGone(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
  }
}
