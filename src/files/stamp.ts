import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tracked } from "./openCalls.ts";

// Looked at in a few hundredths of a second.
const MOST_ENTRIES = 2000;

/**
 * Tells a file or folder from what it was before: by sizes, times and ids of itself and of the first entries in it, the nearest
 * first; of an index of shards by what lies beside it too. What is not there, or cannot be seen, has a stamp as well.
 */
export async function stampOf(path: string): Promise<string> {
  const lines = [await lineOf(path)];
  const isIndex = INDEX_NAME.test(path);
  const folders = [isIndex ? dirname(path) : path];
  let left = MOST_ENTRIES;
  for (let folder = folders.shift(); folder !== undefined && left > 0; folder = folders.shift()) {
    const entries = await entriesOf(folder, left);
    left -= entries.length;
    for (const entry of entries) {
      const inside = join(folder, entry.name);
      lines.push(await lineOf(inside));
      if (entry.isDirectory() && !isIndex) {
        folders.push(inside);
      }
    }
  }
  return createHash("sha256").update(lines.toSorted().join("\n")).digest("hex");
}

const INDEX_NAME = /\.index(\.json)?$/;

async function lineOf(path: string): Promise<string> {
  const stats = await tracked(path, stat(path, { bigint: true })).catch(() => null);
  return stats === null ? `${path} –` : `${path} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino}`;
}

/** None of what is a file. */
async function entriesOf(folder: string, most: number): Promise<readonly Dirent[]> {
  const entries: Dirent[] = [];
  try {
    for await (const entry of await tracked(folder, opendir(folder))) {
      entries.push(entry);
      if (entries.length === most) {
        break;
      }
    }
  } catch {
    return entries; // What it was so far tells it well enough.
  }
  return entries;
}
