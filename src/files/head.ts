import { open } from "node:fs/promises";
import { readUpTo } from "./readRange.ts";

// Downloads and dataset preparation print a lot before the first step is logged.
const HEAD_BYTES = 256 * 1024;

/** The first bytes of a file, enough to tell its format. */
export async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    return await readUpTo(handle, 0, Math.min(size, HEAD_BYTES));
  } finally {
    await handle.close();
  }
}
