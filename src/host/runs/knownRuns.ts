import type { RunFiles } from "#core/run.ts";
import { isBelow, mayBeThere } from "#core/unseen.ts";
import type { Discovery } from "#protocol/workerAnswers.ts";

/** Runs that searches found, by folder. */
export interface KnownRuns {
  /** The newest first. */
  readonly all: () => readonly RunFiles[];
  /** Those that are not below one of the folders. */
  readonly outside: (folders: readonly string[]) => readonly RunFiles[];
  /** Takes what a search through a folder found. A run that it would have found, had it been there, is let go. */
  readonly take: (folder: string, found: Discovery) => void;
}

export function createKnownRuns(): KnownRuns {
  const runs = new Map<string, RunFiles>();
  const all = (): readonly RunFiles[] => newestFirst([...runs.values()]);
  return {
    all,
    outside: (folders) => all().filter((run) => !folders.some((folder) => isBelow(run.folder, folder))),
    take(folder, found) {
      const here = new Set(found.runs.map((run) => run.folder));
      for (const known of runs.keys()) {
        if (isBelow(known, folder) && !here.has(known) && !mayBeThere(known, found)) {
          runs.delete(known);
        }
      }
      for (const run of found.runs) {
        runs.set(run.folder, run);
      }
    },
  };
}

export function newestFirst(runs: readonly RunFiles[]): readonly RunFiles[] {
  return runs.toSorted((a, b) => b.modifiedMs - a.modifiedMs);
}
