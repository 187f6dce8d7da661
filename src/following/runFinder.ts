import type { LogFile, RunFiles } from "#core/run.ts";
import { mayBeThere } from "#core/unseen.ts";
import type { LogSource } from "./logSource.ts";

const MAX_SCAN_ENTRIES = 20_000;

/** What is now in a run's folder; what a search did not come to, or could not read, is taken to be there still. */
export type RunFinder = (known: RunFiles, customPatterns: readonly string[]) => Promise<RunFiles>;

interface FinderOptions {
  readonly source: LogSource;
  readonly maxMs: number;
  /** The search ended before its end, because the disk is slow. */
  readonly onLate: (folder: string) => void;
}

export function createRunFinder({ source, maxMs, onLate }: FinderOptions): RunFinder {
  return async (known, customPatterns) => {
    const options = { maxEntries: MAX_SCAN_ENTRIES, maxMs, customPatterns };
    const { runs, ...unseen } = await source.findRuns(known.folder, options);
    if (unseen.truncated === "time") {
      onLate(known.folder);
    }
    const found = runs.find((run) => run.folder === known.folder) ?? { ...known, logs: [], checkpoints: [] };
    const unfound = <T extends { readonly path: string }>(before: readonly T[], now: readonly T[]): T[] =>
      withoutPaths(before, now).filter(({ path }) => mayBeThere(path, unseen));
    const logs = [...found.logs, ...unfound(known.logs, found.logs)];
    const checkpoints = [...found.checkpoints, ...unfound(known.checkpoints, found.checkpoints)];
    return { ...found, logs, checkpoints };
  };
}

export interface Absences {
  /** The files found, with logs that are missing for the first time as if they were there. */
  readonly forgive: (known: RunFiles, found: RunFiles) => RunFiles;
  readonly scansDue: () => 0 | 1;
}

/** A log that is just being written anew may be empty for a moment: it has left when it is missing twice. */
export function createAbsences(): Absences {
  let missing: readonly LogFile[] = [];
  return {
    forgive(known, found) {
      const again = new Set(missing.map(({ path }) => path));
      missing = withoutPaths(known.logs, found.logs);
      return { ...found, logs: [...found.logs, ...missing.filter(({ path }) => !again.has(path))] };
    },
    scansDue: () => (missing.length > 0 ? 1 : 0),
  };
}

function withoutPaths<T extends { readonly path: string }>(files: readonly T[], others: readonly T[]): T[] {
  const paths = new Set(others.map(({ path }) => path));
  return files.filter(({ path }) => !paths.has(path));
}
