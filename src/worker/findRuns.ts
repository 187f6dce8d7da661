import { decompressFile } from "#codings/decompress.ts";
import { discoverRuns } from "#files/discovery.ts";
import type { Discovery } from "#files/discovery.ts";
import type { WalkOptions } from "#files/walk.ts";
import { identifyFolder } from "#readers/logs/readers.ts";
import { identifyFound } from "./identify.ts";

/** The runs below a folder. Rejects with a sentence for people when it cannot be listed. */
export async function findRuns(folder: string, options: WalkOptions): Promise<Discovery> {
  return discoverRuns(folder, { ...options, identify: identifyFound, identifyFolder, decompress: decompressFile });
}
