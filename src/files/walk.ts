import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isCheckpointName, wholeFolder } from "./checkpointNames.ts";
import { isLogName, isSkippedFolder } from "./names.ts";

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

export interface Walked {
  readonly files: readonly FoundFile[];
  /** The limit on entries was met; what lies deeper was not seen. */
  readonly truncated: boolean;
  readonly unreadable: readonly Unreadable[];
}

export interface WalkOptions {
  readonly maxEntries: number;
  readonly signal?: AbortSignal;
}

/** Candidate logs and checkpoints below a folder, nearest first. Linked folders are not followed, linked files are. */
export async function walk(root: string, { maxEntries, signal }: WalkOptions): Promise<Walked> {
  const files: FoundFile[] = [];
  const unreadable: Unreadable[] = [];
  let level = [root];
  let seen = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      signal?.throwIfAborted();
      const entries = await listFolder(folder, { isRoot: folder === root, unreadable });
      const visible = entries.slice(0, maxEntries - seen);
      seen += visible.length;
      const whole = wholeFolder(
        basename(folder),
        visible.map(({ name }) => name),
      );
      if (whole === undefined) {
        next.push(...subfolders(folder, visible));
        files.push(...(await lookAt(folder, visible, unreadable)));
      } else if (whole === "checkpoint") {
        files.push(await measureFolder(folder, { isRoot: folder === root, unreadable }));
        files.push(...(await lookAt(folder, visible.filter(isLog), unreadable)));
      }
      if (visible.length < entries.length) {
        return { files, truncated: true, unreadable };
      }
    }
    level = next;
  }
  return { files, truncated: false, unreadable };
}

interface Listing {
  readonly isRoot: boolean;
  readonly unreadable: Unreadable[];
}

// A checkpoint in more files than this is told from a later one by the first of them.
const MAX_MEASURED_FILES = 1000;

/** Bytes and time of the newest file of a folder that is one checkpoint. */
async function measureFolder(root: string, { isRoot, unreadable }: Listing): Promise<FoundFile> {
  let bytes = 0;
  let modifiedMs = (await stat(root)).mtimeMs;
  let measured = 0;
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const entries = await listFolder(folder, { isRoot: false, unreadable });
    for (const entry of entries.slice(0, MAX_MEASURED_FILES - measured)) {
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

async function listFolder(folder: string, to: Listing): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (to.isRoot) {
      throw error;
    }
    to.unreadable.push({ path: folder, reason: reasonOf(error) });
    return [];
  }
}

function subfolders(folder: string, entries: readonly Dirent[]): string[] {
  return entries
    .filter((entry) => entry.isDirectory() && !isSkippedFolder(entry.name))
    .map((entry) => join(folder, entry.name));
}

async function lookAt(folder: string, entries: readonly Dirent[], unreadable: Unreadable[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const { name } of entries.filter(isCandidate)) {
    const path = join(folder, name);
    try {
      const stats = await stat(path);
      if (stats.isFile()) {
        found.push({ folder, name, path, bytes: stats.size, modifiedMs: stats.mtimeMs });
      }
    } catch (error) {
      unreadable.push({ path, reason: reasonOf(error) });
    }
  }
  return found;
}

function isCandidate(entry: Dirent): boolean {
  return !entry.isDirectory() && (isLogName(entry.name) || isCheckpointName(entry.name));
}

/** Trainers save the history so far into each checkpoint. */
function isLog(entry: Dirent): boolean {
  return !entry.isDirectory() && isLogName(entry.name);
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
