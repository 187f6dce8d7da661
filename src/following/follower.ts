import { isDeepStrictEqual } from "node:util";
import type { Disposable } from "#core/event.ts";
import type { LogBatch, LogPosition } from "#core/log.ts";
import type { LogFile, RunFiles } from "#core/run.ts";
import { mayBeThere } from "#core/unseen.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import type { FindOptions, LogSource } from "./logSource.ts";
import { createPatience } from "./patience.ts";
import type { Clock, Patience } from "./patience.ts";
import { createPoller } from "./poller.ts";

// Looking for new files costs a directory walk; without an event it is done on every fifth poll.
const POLLS_PER_SCAN = 5;
// A checkpoint's folder appears before its files are complete, so a new entry is looked at again.
const SCANS_AFTER_NEW_ENTRY = 3;
const MAX_SCAN_ENTRIES = 20_000;
// A disk that works lists such a folder, or reads a piece of a log, within a second.
const LATE_MS = 30_000;
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
  /** For tests: after how long the disk is late. */
  readonly lateMs?: number;
}

/** Keeps a run in the store up to date with its folder: growing logs, new logs, new checkpoints. */
export function followRun(run: RunFiles, options: FollowOptions): Disposable {
  const { store, onError, lateMs = LATE_MS } = options;
  const patience = createPatience({ limitMs: lateMs, onLate: (name) => onError(lateError(name, lateMs)) });
  let files = run;
  let customPatterns = options.customPatterns();
  let polls = 0;
  let scansDue = 0;
  const absences = createAbsences();
  const find = createFinder(options, lateMs);
  const logs = createLogFollower(store.setFiles(files), { ...options, patience });

  async function poll(): Promise<boolean> {
    if (!isDeepStrictEqual(customPatterns, options.customPatterns())) {
      await readByOtherPatterns(options.customPatterns());
    }
    const groups = [...Map.groupBy(files.logs, ({ format }) => format).values()];
    const grown = await Promise.all(groups.map(async (group) => logs.readInOrder(group, customPatterns)));
    polls += 1;
    const isScanDue = scansDue > 0 || polls % POLLS_PER_SCAN === 0;
    return (isScanDue && ((await patience.wait(run.folder, scan)) ?? false)) || grown.includes(true);
  }

  async function readByOtherPatterns(wantedPatterns: readonly string[]): Promise<void> {
    const found = await patience.wait(run.folder, async () => find(files, wantedPatterns));
    if (found === undefined) {
      return; // The next poll tries again.
    }
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
    const found = absences.forgive(files, await find(files, customPatterns));
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

/** What is now in a run's folder. That the disk is late is told. */
function createFinder(
  { source, onError }: FollowOptions,
  lateMs: number,
): (known: RunFiles, customPatterns: readonly string[]) => Promise<RunFiles> {
  const maxMs = lateMs / 2;
  return async (known, customPatterns) => {
    const { found, isLate } = await findFiles(known, source, { customPatterns, maxMs });
    if (isLate) {
      onError(lateError(known.folder, maxMs));
    }
    return found;
  };
}

function lateError(name: string, ms: number): Error {
  return new Error(`${name}: The disk has not answered for ${ms / 1000} s. It is read on when it does.`);
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
  /**
   * Reads what was appended to logs since the last call; true when there was something. Logs of one format may follow each
   * other: one whose predecessor is complete is not joined anew with each batch.
   */
  readonly readInOrder: (group: readonly LogFile[], customPatterns: readonly string[]) => Promise<boolean>;
  /** Forgets other logs: one that comes back is read from its start. */
  readonly keepOnly: (logs: readonly LogFile[]) => void;
}

interface Reading {
  readonly customPatterns: readonly string[];
  /** Runs while the disk is asked. */
  readonly clock: Clock;
}

interface LogFollowOptions extends FollowOptions {
  readonly patience: Patience;
}

function createLogFollower(run: Run, { store, source, onError, patience }: LogFollowOptions): LogFollower {
  const positions = new Map<string, LogPosition>();
  // A log that was forgotten may still be read, by a disk that answers late: nobody waits for that any more.
  const readers = new Map<string, Reading>();
  // The run may be let go, and even followed again, while the worker reads.
  const isFollowed = (): boolean => store.get(run.id) === run;

  async function readOn(log: LogFile, reading: Reading): Promise<boolean> {
    const { customPatterns, clock } = reading;
    const isWanted = (): boolean => isFollowed() && readers.get(log.path) === reading;
    readers.set(log.path, reading);
    let hasGrown = false;
    let more = true;
    let endShownAt = positions.has(log.path) ? Infinity : -Infinity;
    while (more && isWanted()) {
      const position = positions.get(log.path) ?? null;
      clock.stop();
      const batch = await source.readLog(log.path, position, customPatterns, clock.start);
      if (!isWanted()) {
        return hasGrown;
      }
      positions.set(log.path, batch.position);
      if (hasNews(batch)) {
        store.append(run.id, log, batch);
        hasGrown = true;
      }
      more = batch.more;
      if (more && performance.now() - endShownAt > SHOW_END_MS) {
        clock.start();
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
    async readInOrder(group, customPatterns) {
      let hasGrown = false;
      for (const log of group) {
        const read = async (clock: Clock): Promise<boolean> =>
          readOn(log, { customPatterns, clock }).catch((error: unknown) => {
            onError(error); // One log that cannot be read must not keep the others from growing.
            return false;
          });
        hasGrown = ((await patience.wait(log.path, read)) ?? false) || hasGrown;
      }
      return hasGrown;
    },
    keepOnly(logs) {
      const kept = new Set(logs.map(({ path }) => path));
      forgetOthers(positions, kept);
      forgetOthers(readers, kept);
    },
  };
}

function forgetOthers(byPath: Map<string, unknown>, kept: ReadonlySet<string>): void {
  Array.from(byPath.keys()).forEach((path) => kept.has(path) || byPath.delete(path));
}

function hasNews({ chunks, restarted, clipThreshold, problems }: LogBatch): boolean {
  return chunks.length > 0 || restarted || clipThreshold !== null || problems.length > 0;
}

interface Found {
  readonly found: RunFiles;
  /** The search ended before its end, because the disk is slow. */
  readonly isLate: boolean;
}

/** What is now in the run's folder; what a search did not come to, or could not read, is taken to be there still. */
async function findFiles(
  known: RunFiles,
  source: LogSource,
  options: Pick<FindOptions, "customPatterns" | "maxMs">,
): Promise<Found> {
  const { runs, ...unseen } = await source.findRuns(known.folder, { maxEntries: MAX_SCAN_ENTRIES, ...options });
  const found = runs.find((run) => run.folder === known.folder) ?? { ...known, logs: [], checkpoints: [] };
  const unfound = <T extends { readonly path: string }>(before: readonly T[], now: readonly T[]): T[] =>
    withoutPaths(before, now).filter(({ path }) => mayBeThere(path, unseen));
  const logs = [...found.logs, ...unfound(known.logs, found.logs)];
  const checkpoints = [...found.checkpoints, ...unfound(known.checkpoints, found.checkpoints)];
  return { found: { ...found, logs, checkpoints }, isLate: unseen.truncated === "time" };
}

/** The known logs that were found again, of the same format. */
function sameLogs(known: readonly LogFile[], found: readonly LogFile[]): LogFile[] {
  const formats = new Map(found.map(({ path, format }) => [path, format]));
  return known.filter(({ path, format }) => formats.get(path) === format);
}

function withoutPaths<T extends { readonly path: string }>(files: readonly T[], others: readonly T[]): T[] {
  const paths = new Set(others.map(({ path }) => path));
  return files.filter(({ path }) => !paths.has(path));
}

/** Equal for equal lists of files and checkpoint sizes. */
function describeFiles({ logs, checkpoints }: RunFiles): string {
  return JSON.stringify([logs, checkpoints]);
}
