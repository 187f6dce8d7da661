import type { LogFile, RunFiles } from "#core/run.ts";
import type { RunStore } from "#store/runStore.ts";
import type { FolderWatches } from "./folderWatches.ts";
import type { LogFollower } from "./logFollower.ts";
import { watchedFolders } from "./watchedFolders.ts";

/** The files of a run in the store, as the last search found them. */
export interface RunListing {
  readonly files: () => RunFiles;
  /** Lists what a search found. Logs that are read in another way than before are read from their start. */
  readonly take: (found: RunFiles, isReadAnew?: (log: LogFile) => boolean) => void;
}

interface ListingOptions {
  readonly store: RunStore;
  readonly logs: LogFollower;
  readonly watches: FolderWatches;
}

export function createRunListing(run: RunFiles, { store, logs, watches }: ListingOptions): RunListing {
  const listed = store.get(run.folder);
  let files = run;
  watches.keep(watchedFolders(files));
  return {
    files: () => files,
    take(found, isReadAnew = () => false) {
      if (store.get(run.folder) !== listed) {
        return; // The run was let go, and may even be followed again, while the search went on.
      }
      const kept = sameLogs(files.logs, found.logs).filter((log) => !isReadAnew(log));
      logs.keepOnly(kept);
      store.setFiles({ ...found, logs: kept });
      files = found;
      store.setFiles(files);
      watches.keep(watchedFolders(files));
    },
  };
}

/** The known logs that were found again, of the same format. */
export function sameLogs(known: readonly LogFile[], found: readonly LogFile[]): LogFile[] {
  const formats = new Map(found.map(({ path, format }) => [path, format]));
  return known.filter(({ path, format }) => formats.get(path) === format);
}
