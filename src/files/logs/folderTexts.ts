import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LogProblem } from "#core/log.ts";
import { t } from "@vscode/l10n";
import { tracked } from "../openCalls.ts";
import { readLines } from "./tail.ts";
import { readWhole } from "./whole.ts";

/** Which files of a folder are read, and how they grow. */
export interface FolderRule {
  /** Folders inside it that are looked into, at any depth. */
  readonly folders: readonly string[];
  readonly growthOf: (path: string) => "byLines" | "byReplacement" | "unread";
}

/** Where reading of one file stopped, and what the file was like then. */
type FileMark = readonly [mtimeMs: number, size: number, offset: number, line: number, identity: string];

export interface FolderTexts {
  /** By path, relative to the folder, with `/`. */
  readonly files: readonly { readonly path: string; readonly text: string; readonly firstLine: number }[];
  /** Where reading of each file stopped: to be given to the next read. */
  readonly marks: string;
  /** A file is not the one that was read before: all files are given from their start. */
  readonly restarted: boolean;
  readonly more: boolean;
  readonly problems: readonly LogProblem[];
}

/** New text of the files of a folder. Folders are listed and files are asked for their size; only changed ones are opened. */
export async function readFolder(
  root: string,
  marks: string | null,
  rule: FolderRule,
  maxBytes: number,
): Promise<FolderTexts> {
  const { paths, problems } = await listFiles(root, rule);
  const reading: Reading = { files: [], marks: parseMarks(marks ?? "[]"), bytes: 0, problems };
  let more = false;
  for (const state of await statesOf(root, paths)) {
    if (!isChanged(state, reading.marks.get(state.path))) {
      continue;
    }
    more = reading.bytes >= maxBytes;
    if (more) {
      break;
    }
    if (!(await readFile(root, state, { rule, reading }))) {
      return { ...(await readFolder(root, null, rule, maxBytes)), restarted: true };
    }
  }
  const { files } = reading;
  return { files, marks: JSON.stringify([...reading.marks]), restarted: false, more, problems };
}

/** What this file wrote earlier; anything else is a fresh start. */
function parseMarks(text: string): Map<string, FileMark> {
  try {
    const marks: unknown = JSON.parse(text);
    return new Map(Array.isArray(marks) ? marks.filter(isEntry) : []);
  } catch {
    return new Map();
  }
}

function isEntry(entry: unknown): entry is readonly [string, FileMark] {
  return (
    Array.isArray(entry) &&
    typeof entry[0] === "string" &&
    Array.isArray(entry[1]) &&
    entry[1].slice(0, 4).every((part) => typeof part === "number") &&
    typeof entry[1][4] === "string"
  );
}

// A run that logs every tensor of a large model has some thousand series.
const MAX_FILES = 5000;
const MAX_DEPTH = 12;

async function listFiles(root: string, rule: FolderRule): Promise<{ paths: string[]; problems: LogProblem[] }> {
  const paths: string[] = [];
  let level: readonly string[] = rule.folders;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const listed = await Promise.all(level.map(async (folder) => listFolder(root, folder)));
    for (const { files } of listed) {
      files.filter((path) => rule.growthOf(path) !== "unread").forEach((path) => paths.push(path));
    }
    level = listed.flatMap(({ folders }) => folders);
  }
  const reason = t("The folder has {0} series; {1} are read.", paths.length, MAX_FILES);
  return { paths: paths.slice(0, MAX_FILES), problems: paths.length > MAX_FILES ? [{ line: 0, reason }] : [] };
}

async function listFolder(root: string, folder: string): Promise<{ files: string[]; folders: string[] }> {
  const entries = await entriesOf(join(root, folder));
  const paths = (some: typeof entries): string[] => some.map(({ name }) => `${folder}/${name}`);
  return {
    files: paths(entries.filter((entry) => !entry.isDirectory())),
    folders: paths(entries.filter((entry) => entry.isDirectory())),
  };
}

async function entriesOf(folder: string): Promise<{ readonly name: string; readonly isDirectory: () => boolean }[]> {
  try {
    const entries = await tracked(folder, readdir(folder, { withFileTypes: true }));
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) {
      return []; // It appears with the first file in it.
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

interface FileState {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

// So many questions are on their way to a file server at the same time.
const STATS_AT_ONCE = 32;

async function statesOf(root: string, paths: readonly string[]): Promise<FileState[]> {
  const states: FileState[] = [];
  for (let at = 0; at < paths.length; at += STATS_AT_ONCE) {
    const some = paths.slice(at, at + STATS_AT_ONCE).map(async (path) => stateOf(root, path));
    states.push(...(await Promise.all(some)).filter((state) => state !== null));
  }
  return states;
}

/** Null for a file that is gone, or is none. */
async function stateOf(root: string, path: string): Promise<FileState | null> {
  const place = join(root, path);
  try {
    const stats = await tracked(place, stat(place));
    return stats.isFile() ? { path, size: stats.size, mtimeMs: stats.mtimeMs } : null;
  } catch (error) {
    if (isMissing(error)) {
      return null;
    }
    throw error;
  }
}

function isChanged({ size, mtimeMs }: FileState, mark: FileMark | undefined): boolean {
  return mark?.[0] !== mtimeMs || mark[1] !== size;
}

interface Reading {
  readonly files: { path: string; text: string; firstLine: number }[];
  readonly marks: Map<string, FileMark>;
  bytes: number;
  readonly problems: LogProblem[];
}

// One series is read at once, so that samples can be put in order: a million and more of them.
const MAX_FILE_BYTES = 2 ** 26;

/** False when the file is not the one that its mark speaks of. */
async function readFile(
  root: string,
  { path, size, mtimeMs }: FileState,
  { rule, reading }: { readonly rule: FolderRule; readonly reading: Reading },
): Promise<boolean> {
  const mark = reading.marks.get(path);
  const from = mark === undefined ? null : { offset: mark[2], line: mark[3], identity: mark[4] };
  const isWhole = rule.growthOf(path) === "byReplacement";
  const place = join(root, path);
  const read = isWhole ? await readWhole(place, from) : await readLines(place, from, MAX_FILE_BYTES);
  if (read.kind === "incomplete") {
    return true; // Its writer has just opened it: the next read finds it changed.
  }
  if (read.kind !== "ok") {
    reading.problems.push({ line: 0, reason: t("{0} cannot be read.", path) });
    return true;
  }
  const { text, firstLine, offset, line, identity, restarted, more, problems } = read.value;
  if (restarted && !isWhole) {
    return false;
  }
  reading.files.push({ path, text, firstLine });
  problems.forEach((problem) => reading.problems.push(problem));
  reading.bytes += text.length;
  reading.marks.set(path, [mtimeMs, more ? -1 : size, offset, line, identity]); // No size is -1: it is read on.
  return true;
}
