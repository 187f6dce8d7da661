import { dirname } from "node:path";
import type { LogFile, RunFiles } from "#core/run.ts";
import { isBelow } from "#core/unseen.ts";

// Linux may give a user no more than 8192 watches, and 200 runs may be followed. One of Hugging Face's Trainer needs four.
const MAX_FOLDERS = 6;

/** Folders in which files grow or appear while a run goes on: its own, those of its logs, and those between. */
export function watchedFolders({ folder, logs }: RunFiles): ReadonlySet<string> {
  const folders = new Set([folder]);
  for (const growing of logs.flatMap(foldersOf)) {
    for (let at = growing; at !== folder && isBelow(at, folder) && folders.size < MAX_FOLDERS; at = dirname(at)) {
      folders.add(at);
    }
  }
  return folders;
}

/** Settings are written once. */
function foldersOf({ path, format, folders = [dirname(path)] }: LogFile): readonly string[] {
  return format === "settingsFile" ? [] : folders;
}
