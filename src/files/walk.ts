import type { Dirent } from "node:fs";
import { lstat, opendir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { LogFormat } from "#core/log.ts";
import { isCheckpointName, wholeFolder } from "./checkpointNames.ts";
import { endsBefore } from "./endsBefore.ts";
import { createExcluder } from "./excluded.ts";
import { tracked } from "./openCalls.ts";
import { HYDRA_SETTINGS, isLogName, isSettingsName, isSkippedFolder } from "./names.ts";

// project/outputs/date/time/version_0/checkpoint-300 is six folders below the workspace's.
const MAX_DEPTH = 6;

/** A file, or a folder that is one checkpoint. */
export interface FoundFile {
  readonly folder: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly isFolder?: true;
}

/** A file or folder that could not be looked at. */
export interface Unreadable {
  readonly path: string;
  readonly reason: string;
}

/** A folder that is one log. */
export interface FoundLogFolder extends FoundFile {
  readonly format: LogFormat;
}

/** What ends a search before its end: entries were too many, or time was up. */
export type SearchLimit = "entries" | "time";

export interface Walked {
  readonly files: readonly FoundFile[];
  readonly logFolders: readonly FoundLogFolder[];
  /** The limit that was met, and what lies deeper was not seen; false when all was. */
  readonly truncated: SearchLimit | false;
  readonly unreadable: readonly Unreadable[];
}

export interface WalkOptions {
  readonly maxEntries: number;
  /** Tells the format of a folder that is one log from the names in it; undefined when it is none. */
  readonly identifyFolder?: (names: readonly string[]) => LogFormat | undefined;
  /** Calls the search off. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the search with what was found so far, also while the disk does not answer. */
  readonly deadline?: AbortSignal | undefined;
  /** Globs, relative to the root, of files and folders that are passed over. */
  readonly excludes?: readonly string[] | undefined;
  /** Linked files are passed over: they may lead anywhere. */
  readonly skipsLinks?: boolean | undefined;
}

/** Candidate logs and checkpoints below a folder, nearest first. Linked folders are not followed, linked files are unless asked otherwise. */
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
  const format = options.identifyFolder?.(names);
  if (format !== undefined) {
    found.logFolders.push({ ...(await measureLog(folder, entries)), format });
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

/** Where MLflow keeps the checkpoints of a run. Its series are files by the hundred, which are not looked at here. */
const ARTIFACTS = "artifacts";

/** The time of the newest file of the log itself: folders do not become newer when a file in them grows. */
async function measureLog(folder: string, entries: readonly Dirent[]): Promise<FoundFile> {
  const paths = [folder];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const inside = entry.isDirectory() && entry.name !== ARTIFACTS ? await listFolder(path, QUIETLY) : [];
    paths.push(path, ...inside.slice(0, 1).map(({ name }) => join(path, name)));
  }
  const times = await Promise.all(paths.map(async (path) => (await stat(path).catch(() => null))?.mtimeMs ?? 0));
  const modifiedMs = times.reduce((latest, time) => Math.max(latest, time), 0);
  return { folder, name: basename(folder), path: folder, bytes: 0, modifiedMs, isFolder: true };
}

interface Listing {
  readonly isRoot: boolean;
  readonly unreadable: Unreadable[];
  /** Entries to be listed: a folder of a million files takes seconds, and hundreds of megabytes. */
  readonly most: number;
  readonly stop?: AbortSignal;
}

// A checkpoint in more files than this is told from a later one by the first of them.
const MAX_MEASURED_FILES = 1000;
const QUIETLY: Listing = { isRoot: false, unreadable: [], most: MAX_MEASURED_FILES };

/** Bytes and time of the newest file of a folder that is one checkpoint. */
async function measureFolder(root: string, { isRoot, unreadable, stop }: Omit<Listing, "most">): Promise<FoundFile> {
  let bytes = 0;
  let modifiedMs = (await stat(root)).mtimeMs;
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
        const stats = await stat(path).catch(() => null); // A link to nowhere has no size.
        bytes += stats?.size ?? 0;
        modifiedMs = Math.max(modifiedMs, stats?.mtimeMs ?? 0);
      }
    }
  }
  // What is looked for is not outside the folder that was named.
  const folder = isRoot ? root : dirname(root);
  return { folder, name: basename(root), path: root, bytes, modifiedMs, isFolder: true };
}

/** Its entries by name; of more than are wanted, those that the file system gives first. */
async function listFolder(folder: string, to: Listing): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  if (to.most <= 0) {
    return entries;
  }
  try {
    for await (const entry of await tracked(folder, opendir(folder, { bufferSize: ENTRIES_AT_ONCE }))) {
      entries.push(entry);
      if (entries.length >= to.most || to.stop?.aborted === true) {
        break;
      }
    }
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (to.isRoot) {
      throw error;
    }
    to.unreadable.push({ path: folder, reason: reasonOf(error) });
    return [];
  }
}

const ENTRIES_AT_ONCE = 256;

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
      unreadable.push({ path, reason: reasonOf(error) });
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

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
