import { messageOf } from "#core/messageOf.ts";
import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import type { Unreadable } from "./foundFile.ts";
import { tracked } from "../openCalls.ts";

/** How a folder is listed, and where it is told that it cannot be. */
export interface Listing {
  readonly isRoot: boolean;
  readonly unreadable: Unreadable[];
  /** Entries to be listed: a folder of a million files takes seconds, and hundreds of megabytes. */
  readonly most: number;
  readonly stop?: AbortSignal;
}

/** Its entries by name; of more than are wanted, those that the file system gives first. */
export async function listFolder(folder: string, to: Listing): Promise<Dirent[]> {
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
    to.unreadable.push({ path: folder, reason: messageOf(error) });
    return [];
  }
}

const ENTRIES_AT_ONCE = 256;
