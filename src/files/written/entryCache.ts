import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { createFolder, writeAtomically } from "./writeAtomically.ts";

/** Together; the entries that were not used for longest leave first. */
const MAX_BYTES = 100_000_000;
const ENDING = ".cached";

/** What a folder keeps by a key; undefined when it has nothing, or something that was torn or changed. */
export async function readEntry(folder: string, key: string): Promise<string | undefined> {
  try {
    const path = placeOf(folder, key);
    const text = await readFile(path, "utf8");
    const end = text.indexOf("\n");
    const content = text.slice(end + 1);
    if (text.slice(0, end) !== hashOf(content)) {
      return undefined;
    }
    const now = new Date();
    await utimes(path, now, now); // It was used.
    return content;
  } catch {
    return undefined; // A cache may be empty, or another window took the entry away.
  }
}

/** Keeps a text as a whole, and takes away what is too much. Gives false where it cannot; it can always be made again. */
export async function writeEntry(folder: string, key: string, text: string, maxBytes = MAX_BYTES): Promise<boolean> {
  if (text.length > maxBytes / 2) {
    return false; // One entry must not drive out all others.
  }
  try {
    await createFolder(folder);
    await writeAtomically(placeOf(folder, key), `${hashOf(text)}\n${text}`);
    await evict(folder, maxBytes);
    return true;
  } catch {
    return false;
  }
}

async function evict(folder: string, maxBytes: number): Promise<void> {
  // What a process that was killed left unfinished becomes old and leaves too.
  const names = await readdir(folder);
  const entries = await Promise.all(names.map(async (name) => entryAt(join(folder, name))));
  let kept = 0;
  for (const { path, bytes } of entries.toSorted((a, b) => b.usedMs - a.usedMs)) {
    kept += bytes;
    if (kept > maxBytes) {
      await rm(path, { force: true });
    }
  }
}

interface Entry {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
}

async function entryAt(path: string): Promise<Entry> {
  const stats = await stat(path).catch(() => undefined); // Another window may have taken it away.
  return { path, bytes: stats?.size ?? 0, usedMs: stats?.mtimeMs ?? 0 };
}

function placeOf(folder: string, key: string): string {
  return join(folder, `${hashOf(key)}${ENDING}`);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
