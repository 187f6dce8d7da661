import type { Decompress } from "./compressed.ts";
import { openText } from "./openText.ts";

// Downloads and dataset preparation print a lot before the first step is logged.
const HEAD_BYTES = 256 * 1024;

/** The first bytes of a file, enough to tell its format; those inside it when it is compressed. */
export async function readHead(path: string, decompress?: Decompress): Promise<Uint8Array> {
  const source = await openText(path, decompress);
  try {
    return await source.read(0, HEAD_BYTES);
  } finally {
    await source.close();
  }
}
