import type { Dirent } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { tracked } from "../openCalls.ts";
import type { FoundFile, FoundLogFolder } from "./foundFile.ts";
import { listFolder } from "./listFolder.ts";
import type { Listing } from "./listFolder.ts";

// A checkpoint in more files than this is told from a later one by the first of them.
const MAX_MEASURED_FILES = 1000;

/** Bytes and time of the newest file of a folder that is one checkpoint. */
export async function measureFolder(
  root: string,
  { isRoot, unreadable, stop }: Omit<Listing, "most">,
): Promise<FoundFile> {
  let bytes = 0;
  let modifiedMs = (await tracked(root, stat(root))).mtimeMs;
  let measured = 0;
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const most = MAX_MEASURED_FILES - measured;
    const entries = await listFolder(folder, { isRoot: false, unreadable, most, ...(stop && { stop }) });
    for (const entry of entries) {
      stop?.throwIfAborted();
      const path = join(folder, entry.name);
      measured += 1;
      if (entry.isDirectory()) {
        folders.push(path);
      } else {
        const stats = await tracked(path, stat(path)).catch(() => null); // A link to nowhere has no size.
        bytes += stats?.size ?? 0;
        modifiedMs = Math.max(modifiedMs, stats?.mtimeMs ?? 0);
      }
    }
  }
  // What is looked for is not outside the folder that was named.
  const folder = isRoot ? root : dirname(root);
  return { folder, name: basename(root), path: root, bytes, modifiedMs, isFolder: true };
}

/** Where MLflow keeps the checkpoints of a run. Its series are files by the hundred, which are not looked at here. */
export const ARTIFACTS = "artifacts";

/**
 * The time of the newest file of the log itself: folders do not become newer when a file in them grows. And the folders by
 * these names, with those in them.
 */
export async function measureLog(
  folder: string,
  entries: readonly Dirent[],
  read: readonly string[],
): Promise<Omit<FoundLogFolder, "format">> {
  const paths = [folder];
  const folders: string[] = [];
  const quietly: Listing = { isRoot: false, unreadable: [], most: MAX_MEASURED_FILES };
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const inside = entry.isDirectory() && entry.name !== ARTIFACTS ? await listFolder(path, quietly) : [];
    paths.push(path, ...inside.slice(0, 1).map(({ name }) => join(path, name)));
    if (entry.isDirectory() && read.includes(entry.name)) {
      folders.push(path, ...inside.filter((one) => one.isDirectory()).map(({ name }) => join(path, name)));
    }
  }
  const times = await Promise.all(
    paths.map(async (path) => (await tracked(path, stat(path)).catch(() => null))?.mtimeMs ?? 0),
  );
  const modifiedMs = times.reduce((latest, time) => Math.max(latest, time), 0);
  return { folder, name: basename(folder), path: folder, bytes: 0, modifiedMs, isFolder: true, folders };
}
