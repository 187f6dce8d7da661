import { decompressFile } from "#codings/decompress.ts";
import { discoverRuns } from "#files/search/discovery.ts";
import type { Discovery, DiscoveryOptions } from "#files/search/discovery.ts";
import { identifyFolder } from "#readers/logs/readers.ts";
import { identifyFound } from "./identify.ts";

export interface FindOptions extends Omit<DiscoveryOptions, "identify" | "identifyFolder" | "decompress"> {
  readonly customPatterns?: readonly string[] | undefined;
}

/** The runs below a folder. Rejects with a sentence for people when it cannot be listed. */
export async function findRuns(folder: string, { customPatterns, ...options }: FindOptions): Promise<Discovery> {
  const identify: DiscoveryOptions["identify"] = (path, head) => identifyFound(path, head, customPatterns);
  return discoverRuns(folder, { ...options, identify, identifyFolder, decompress: decompressFile });
}
