import type { Dirent } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { LogFormat } from "#core/log.ts";
import { messageOf } from "#core/messageOf.ts";
import { isCheckpointName, wholeFolder } from "./checkpointNames.ts";
import { endsBefore } from "./endsBefore.ts";
import { createExcluder } from "./excluded.ts";
import { tracked } from "../openCalls.ts";
import { HYDRA_SETTINGS, isLogName, isSettingsName, isSkippedFolder } from "./names.ts";
import type { FoundFile, FoundLogFolder, Unreadable } from "./foundFile.ts";
import { listFolder } from "./listFolder.ts";
import type { Listing } from "./listFolder.ts";
import { ARTIFACTS, measureFolder, measureLog } from "./measureFolder.ts";

// project/outputs/date/time/version_0/checkpoint-300 is six folders below the workspace's.
const MAX_DEPTH = 6;

/** What ends a search before its end: entries were too many, or time was up. */
export type SearchLimit = "entries" | "time";

export interface Walked {
  readonly files: readonly FoundFile[];
  readonly logFolders: readonly FoundLogFolder[];
  /** The limit that was met, and what lies deeper was not seen; false when all was. */
  readonly truncated: SearchLimit | false;
  readonly unreadable: readonly Unreadable[];
}

interface LogFolder {
  readonly format: LogFormat;
  readonly folders: readonly string[];
}

export interface WalkOptions {
  readonly maxEntries: number;
  /** Tells the format of a folder that is one log, and which folders in it are read, from the names in it; undefined when it is none. */
  readonly identifyFolder?: (names: readonly string[]) => LogFolder | undefined;
  /** Calls the search off. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the search with what was found so far, also while the disk does not answer. */
  readonly deadline?: AbortSignal | undefined;
  /** Globs, relative to the root, of files and folders that are passed over. */
  readonly excludes?: readonly string[] | undefined;
  /** Linked files are passed over: they may lead anywhere. */
  readonly skipsLinks?: boolean | undefined;
}

/**
 * Candidate logs and checkpoints below a folder, nearest first. Linked folders are not followed, linked files are unless
 * asked otherwise.
 */
export async function walk(root: string, options: WalkOptions): Promise<Walked> {
  const found: Found = { files: [], logFolders: [], unreadable: [], truncated: false };
  const isInTime = await endsBefore(search(root, found, options), options.deadline);
  const { files, logFolders, unreadable } = found;
  const truncated = isInTime ? found.truncated : "time";
  // What still comes of a late call is not in it.
  return { files: [...files], logFolders: [...logFolders], unreadable: [...unreadable], truncated };
}

async function search(root: string, found: Found, options: WalkOptions): Promise<void> {
  const { maxEntries } = options;
  const stop = AbortSignal.any([options.signal, options.deadline].filter((signal) => signal !== undefined));
  const isExcluded = createExcluder(root, options.excludes ?? []);
  let level = [root];
  let seen = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      stop.throwIfAborted();
      const isRoot = folder === root;
      const listing: Listing = { isRoot, unreadable: found.unreadable, most: maxEntries - seen + 1, stop };
      const entries = await listFolder(folder, listing);
      const visible = entries.slice(0, maxEntries - seen);
      seen += visible.length;
      const folders = await lookInto(folder, visible, { isRoot, found, options, stop, isExcluded });
      folders.filter((path) => !isExcluded(path)).forEach((path) => next.push(path));
      if (visible.length < entries.length) {
        found.truncated = "entries";
        return;
      }
    }
    level = next;
  }
}

interface Found {
  readonly files: FoundFile[];
  readonly logFolders: FoundLogFolder[];
  readonly unreadable: Unreadable[];
  truncated: SearchLimit | false;
}

interface Looking {
  readonly isRoot: boolean;
  readonly found: Found;
  readonly options: WalkOptions;
  readonly stop: AbortSignal;
  readonly isExcluded: (path: string) => boolean;
}

/** Keeps what a folder holds, or is. The folders in it that are to be looked into. */
async function lookInto(folder: string, entries: readonly Dirent[], looking: Looking): Promise<string[]> {
  const { isRoot, found, options, stop } = looking;
  const names = entries.map(({ name }) => name);
  const log = options.identifyFolder?.(names);
  if (log !== undefined) {
    found.logFolders.push({ ...(await measureLog(folder, entries, log.folders)), format: log.format });
    return subfolders(folder, entries).filter((path) => basename(path) === ARTIFACTS);
  }
  const whole = wholeFolder(basename(folder), names);
  if (whole === undefined) {
    await lookAt(folder, entries, looking);
    return subfolders(folder, entries);
  }
  if (whole === "checkpoint") {
    found.files.push(await measureFolder(folder, { isRoot, unreadable: found.unreadable, stop }));
    await lookAt(folder, entries.filter(isLog), looking);
  }
  return [];
}

function subfolders(folder: string, entries: readonly Dirent[]): string[] {
  return entries
    .filter((entry) => entry.isDirectory() && !isSkippedFolder(entry.name))
    .map((entry) => join(folder, entry.name));
}

async function lookAt(
  folder: string,
  entries: readonly Dirent[],
  { options, found: { files, unreadable }, stop, isExcluded }: Looking,
): Promise<void> {
  const look = options.skipsLinks === true ? lstat : stat; // Of a link itself, which is no file.
  for (const path of candidatesIn(folder, entries).filter((one) => !isExcluded(one))) {
    stop.throwIfAborted();
    const name = basename(path);
    try {
      const stats = await tracked(path, look(path));
      if (stats.isFile()) {
        files.push({ folder, name, path, bytes: stats.size, modifiedMs: stats.mtimeMs });
      }
    } catch (error) {
      unreadable.push({ path, reason: messageOf(error) });
    }
  }
}

function candidatesIn(folder: string, entries: readonly Dirent[]): string[] {
  const [hydra, settings] = HYDRA_SETTINGS;
  const hidden = entries.some((entry) => entry.name === hydra && entry.isDirectory());
  const paths = entries.filter(isCandidate).map(({ name }) => join(folder, name));
  return hidden ? [...paths, join(folder, hydra, settings)] : paths;
}

function isCandidate(entry: Dirent): boolean {
  const { name } = entry;
  return !entry.isDirectory() && (isLogName(name) || isCheckpointName(name) || isSettingsName(name));
}

/** Trainers save the history so far into each checkpoint. */
function isLog(entry: Dirent): boolean {
  return !entry.isDirectory() && isLogName(entry.name);
}
