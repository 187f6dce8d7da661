import { readdir } from "node:fs/promises";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import type { FolderSource } from "#core/byteSource.ts";
import { t } from "@vscode/l10n";
import { tracked } from "../openCalls.ts";
import type { FileByteSource } from "./byteSource.ts";
import { createFilePool } from "./filePool.ts";
import { truePath } from "./unchanged.ts";

/** A folder whose files are opened once, and closed together. */
export interface CheckpointFolder extends FolderSource {
  readonly open: (path: string) => Promise<FileByteSource | undefined>;
  /** A file that people named themselves: it may be a link to anywhere. */
  readonly openNamed: (name: string) => Promise<FileByteSource>;
  /** A file that was opened before. Throws for another. */
  readonly opened: (path: string) => FileByteSource;
  /** All files that were opened, with their paths in the folder. */
  readonly allOpened: () => readonly (readonly [path: string, file: FileByteSource])[];
  readonly close: () => Promise<void>;
}

/** Nothing is read until a file is opened; no path leads out of the folder, links included. */
export function createCheckpointFolder(root: string): CheckpointFolder {
  const sources = new Map<string, FileByteSource>();
  const pool = createFilePool(MAX_OPEN_FILES);
  const openAt = async (path: string, place: string): Promise<FileByteSource> => {
    const source = await pool.open(place);
    sources.set(path, source);
    return source;
  };
  return {
    name: basename(root),
    list: async () => listFiles(root),
    async open(path) {
      const known = sources.get(path);
      if (known !== undefined) {
        return known;
      }
      const place = await placeInside(root, path);
      return place === undefined ? undefined : openAt(path, place);
    },
    openNamed: async (name) => openAt(name, join(root, name)),
    opened(path) {
      const source = sources.get(path);
      if (source === undefined) {
        throw new Error(t("{0} is not part of this checkpoint.", path));
      }
      return source;
    },
    allOpened: () => Array.from(sources),
    close: pool.close,
  };
}

// Chunks of Zarr are files of their own; some systems let a process open 1024.
const MAX_OPEN_FILES = 200;

// A save of a thousand ranks has a few thousand files; a folder with more is not one checkpoint.
const MAX_FILES = 20_000;
const MAX_DEPTH = 8;

/** In the order of their names, folder by folder. */
async function listFiles(root: string, below = "", depth = 0): Promise<string[]> {
  const folder = join(root, below);
  const entries = (await tracked(folder, readdir(folder, { withFileTypes: true }))).toSorted(byName);
  const files: string[] = [];
  for (const entry of entries) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && depth < MAX_DEPTH && entry.name !== ".git") {
      files.push(...(await listFiles(root, path, depth + 1)));
    } else if (!entry.isDirectory()) {
      files.push(path);
    }
    if (files.length > MAX_FILES) {
      return files.slice(0, MAX_FILES);
    }
  }
  return files;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** The true path of a file of the folder; undefined when it is not there. */
async function placeInside(root: string, path: string): Promise<string | undefined> {
  const steps = path.split("/");
  if (isAbsolute(path) || /[\\:\0]/.test(path) || steps.some((step) => step === "" || step === "." || step === "..")) {
    throw new Error(t('"{0}" is not inside the checkpoint\'s folder. It was not opened.', path));
  }
  try {
    const place = await truePath(join(root, path));
    const fromRoot = relative(homeOf(await truePath(root)), place);
    if (fromRoot === ".." || fromRoot.startsWith(`..${sep}`) || isAbsolute(fromRoot)) {
      throw new Error(t('"{0}" is a link out of the checkpoint\'s folder. It was not opened.', path));
    }
    return place;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
      return undefined;
    }
    throw error;
  }
}

/** In the cache of Hugging Face's hub a snapshot is a folder of links to the blobs beside it. */
function homeOf(root: string): string {
  return /^(.*[\\/](?:models|datasets|spaces)--[^\\/]+)[\\/]snapshots[\\/]/.exec(root + sep)?.[1] ?? root;
}
