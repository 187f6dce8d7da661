import { isDeepStrictEqual } from "node:util";
import type { Disposable } from "#core/event.ts";
import type { LogBatch, LogPosition } from "#core/log.ts";
import type { LogFile, RunFiles } from "#core/run.ts";
import { mayBeThere } from "#core/unseen.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import type { LogSource } from "./logSource.ts";
import { createPoller } from "./poller.ts";

// Looking for new files costs a directory walk; without an event it is done on every fifth poll.
const POLLS_PER_SCAN = 5;
// A checkpoint's folder appears before its files are complete, so a new entry is looked at again.
const SCANS_AFTER_NEW_ENTRY = 3;
const MAX_SCAN_ENTRIES = 20_000;
// While a long log is read from its start, its end is shown, and looked at again this often.
const SHOW_END_MS = 2000;

export interface FollowOptions {
  readonly store: RunStore;
  readonly source: LogSource;
  readonly intervalMs: () => number;
  /** The user's own patterns for this run's logs, as they are now. */
  readonly customPatterns: () => readonly string[];
  /** Announces changes in the folder; events only shorten the next poll. */
  readonly watch: (folder: string, onDidChange: (what: "content" | "entries") => void) => Disposable;
  readonly onError: (error: unknown) => void;
}

/** Keeps a run in the store up to date with its folder: growing logs, new logs, new checkpoints. */
export function followRun(run: RunFiles, options: FollowOptions): Disposable {
  const { store } = options;
  let files = run;
  let customPatterns = options.customPatterns();
  let polls = 0;
  let scansDue = 0;
  const absences = createAbsences();
  const logs = createLogFollower(store.setFiles(files), options);

  async function poll(): Promise<boolean> {
    if (!isDeepStrictEqual(customPatterns, options.customPatterns())) {
      await readByOtherPatterns(options.customPatterns());
    }
    const groups = [...Map.groupBy(files.logs, ({ format }) => format).values()];
    const grown = await Promise.all(groups.map(readInOrder));
    polls += 1;
    const isScanDue = scansDue > 0 || polls % POLLS_PER_SCAN === 0;
    return (isScanDue && (await scan())) || grown.includes(true);
  }

  /** Logs of one format may follow each other: one whose predecessor is complete is not joined anew with each batch. */
  async function readInOrder(group: readonly LogFile[]): Promise<boolean> {
    let hasGrown = false;
    for (const log of group) {
      hasGrown = (await logs.readOn(log, customPatterns)) || hasGrown;
    }
    return hasGrown;
  }

  async function readByOtherPatterns(wantedPatterns: readonly string[]): Promise<void> {
    const found = await findFiles(files, wantedPatterns, options.source);
    customPatterns = wantedPatterns;
    take(found, ({ format }) => format === "custom");
  }

  /** Logs that are read in another way than before are read from their start. */
  function take(found: RunFiles, isReadAnew: (log: LogFile) => boolean = () => false): void {
    const kept = sameLogs(files.logs, found.logs).filter((log) => !isReadAnew(log));
    logs.keepOnly(kept);
    store.setFiles({ ...found, logs: kept });
    files = found;
    store.setFiles(files);
  }

  async function scan(): Promise<boolean> {
    scansDue = Math.max(0, scansDue - 1);
    const found = absences.forgive(files, await findFiles(files, customPatterns, options.source));
    scansDue = Math.max(scansDue, absences.scansDue());
    if (describeFiles(found) === describeFiles(files)) {
      return false;
    }
    take(found);
    return true;
  }

  const poller = createPoller(poll, options);
  const watcher = options.watch(run.folder, (what) => {
    scansDue = what === "entries" ? SCANS_AFTER_NEW_ENTRY : scansDue;
    poller.nudge();
  });
  return {
    dispose() {
      poller.dispose();
      watcher.dispose();
      store.remove(run.folder);
    },
  };
}

interface Absences {
  /** The files found, with logs that are missing for the first time as if they were there. */
  readonly forgive: (known: RunFiles, found: RunFiles) => RunFiles;
  readonly scansDue: () => 0 | 1;
}

/** A log that is just being written anew may be empty for a moment: it has left when it is missing twice. */
function createAbsences(): Absences {
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

interface LogFollower {
  /** Reads what was appended to a log since the last call; true when there was something. */
  readonly readOn: (log: LogFile, customPatterns: readonly string[]) => Promise<boolean>;
  /** Forgets other logs: one that comes back is read from its start. */
  readonly keepOnly: (logs: readonly LogFile[]) => void;
}

function createLogFollower(run: Run, { store, source, onError }: FollowOptions): LogFollower {
  const positions = new Map<string, LogPosition>();
  // The run may be let go, and even followed again, while the worker reads.
  const isFollowed = (): boolean => store.get(run.id) === run;

  async function readOn(log: LogFile, customPatterns: readonly string[]): Promise<boolean> {
    let hasGrown = false;
    let more = true;
    let endShownAt = positions.has(log.path) ? Infinity : -Infinity;
    while (more && isFollowed()) {
      const position = positions.get(log.path) ?? null;
      const batch = await source.readLog(log.path, position, customPatterns);
      positions.set(log.path, batch.position);
      if (hasNews(batch) && isFollowed()) {
        store.append(run.id, log, batch);
        hasGrown = true;
      }
      more = batch.more;
      if (more && performance.now() - endShownAt > SHOW_END_MS) {
        await showEnd(log, batch.position, customPatterns);
        endShownAt = performance.now();
      }
    }
    return hasGrown;
  }

  /** Shows the end of a log of which much is left to read. */
  async function showEnd(log: LogFile, position: LogPosition, customPatterns: readonly string[]): Promise<void> {
    const end = await source.readLogEnd(log.path, position, customPatterns);
    if (end !== null && isFollowed()) {
      store.showEnd(run.id, log, end);
    }
  }

  return {
    async readOn(log, customPatterns) {
      try {
        return await readOn(log, customPatterns);
      } catch (error) {
        onError(error); // One log that cannot be read must not keep the others from growing.
        return false;
      }
    },
    keepOnly(logs) {
      const kept = new Set(logs.map(({ path }) => path));
      [...positions.keys()].filter((path) => !kept.has(path)).forEach((path) => positions.delete(path));
    },
  };
}

function hasNews({ chunks, restarted, clipThreshold, problems }: LogBatch): boolean {
  return chunks.length > 0 || restarted || clipThreshold !== null || problems.length > 0;
}

/** What is now in the run's folder; what a search did not come to, or could not read, is taken to be there still. */
async function findFiles(known: RunFiles, customPatterns: readonly string[], source: LogSource): Promise<RunFiles> {
  const { runs, ...unseen } = await source.findRuns(known.folder, { maxEntries: MAX_SCAN_ENTRIES, customPatterns });
  const found = runs.find((run) => run.folder === known.folder) ?? { ...known, logs: [], checkpoints: [] };
  const unfound = withoutPaths(known.logs, found.logs).filter(({ path }) => mayBeThere(path, unseen));
  return unfound.length === 0 ? found : { ...found, logs: [...found.logs, ...unfound] };
}

/** The known logs that were found again, of the same format. */
function sameLogs(known: readonly LogFile[], found: readonly LogFile[]): LogFile[] {
  const formats = new Map(found.map(({ path, format }) => [path, format]));
  return known.filter(({ path, format }) => formats.get(path) === format);
}

function withoutPaths(logs: readonly LogFile[], others: readonly LogFile[]): LogFile[] {
  const paths = new Set(others.map(({ path }) => path));
  return logs.filter(({ path }) => !paths.has(path));
}

/** Equal for equal lists of files and checkpoint sizes. */
function describeFiles({ logs, checkpoints }: RunFiles): string {
  return JSON.stringify([logs, checkpoints]);
}
