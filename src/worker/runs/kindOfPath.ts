import { basename } from "node:path";
import { decompressFile } from "#codings/decompress.ts";
import { isCheckpointName } from "#files/search/checkpointNames.ts";
import { readHead } from "#files/logs/head.ts";
import { isFolder } from "#files/isFolder.ts";
import { identifyFile } from "./identify.ts";
import { databasePath } from "./readLogDatabase.ts";

/** What a path that people gave is; of a checkpoint with a name of its own kind only opening it tells. */
export async function kindOfPath(
  path: string,
  customPatterns: readonly string[],
): Promise<"folder" | "log" | "checkpoint" | "unknown"> {
  const { file } = databasePath(path);
  if (await isFolder(file)) {
    return "folder";
  }
  if (isCheckpointName(basename(file))) {
    return "checkpoint";
  }
  const format = await identifyFile(file, await readHead(file, decompressFile), customPatterns);
  return format === undefined ? "unknown" : "log";
}
