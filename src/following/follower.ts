import { isDeepStrictEqual } from "node:util";
import type { Disposable } from "#core/event.ts";
import type { RunFiles } from "#core/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { createLogFollower } from "./logFollower.ts";
import type { LogSource } from "./logSource.ts";
import { createFolderWatches } from "./folderWatches.ts";
import type { WatchFolder } from "./folderWatches.ts";
import { createPatience } from "./patience.ts";
import { createPoller } from "./poller.ts";
import { createAbsences, createRunFinder } from "./runFinder.ts";
import { createRunListing, sameLogs } from "./runListing.ts";

// Looking for new files costs a directory walk; without an event it is done on every fifth poll.
const POLLS_PER_SCAN = 5;
// A checkpoint's folder appears before its files are complete, so a new entry is looked at again.
const SCANS_AFTER_NEW_ENTRY = 3;
// A disk that works lists such a folder, or reads a piece of a log, within a second.
const LATE_MS = 30_000;

export interface FollowOptions {
  readonly store: RunStore;
  readonly source: LogSource;
  readonly intervalMs: () => number;
  /** The user's own patterns for this run's logs, as they are now. */
  readonly customPatterns: () => readonly string[];
  /** Announces changes in a folder; events only shorten the next poll. */
  readonly watch: WatchFolder;
  readonly onError: (error: unknown) => void;
  /** For tests: after how long the disk is late. */
  readonly lateMs?: number;
}

/** Keeps a run in the store up to date with its folder: growing logs, new logs, new checkpoints. */
export function followRun(run: RunFiles, options: FollowOptions): Disposable {
  const { store, source, onError, lateMs = LATE_MS } = options;
  const tellLate = (name: string, ms: number): void => onError(lateError(name, ms));
  const patience = createPatience({ limitMs: lateMs, onLate: (name) => tellLate(name, lateMs) });
  const find = createRunFinder({ source, maxMs: lateMs / 2, onLate: (folder) => tellLate(folder, lateMs / 2) });
  let customPatterns = options.customPatterns();
  let polls = 0;
  let scansDue = 0;
  const absences = createAbsences();
  const watches = createFolderWatches(options.watch, (what) => {
    scansDue = what === "entries" ? SCANS_AFTER_NEW_ENTRY : scansDue;
    poller.nudge();
  });
  const logs = createLogFollower(store.setFiles(run), { ...options, patience });
  const { files, take } = createRunListing(run, { store, logs, watches });

  async function poll(): Promise<boolean> {
    if (!isDeepStrictEqual(customPatterns, options.customPatterns())) {
      await readByOtherPatterns(options.customPatterns());
    }
    const groups = [...Map.groupBy(files().logs, ({ format }) => format).values()];
    const grown = await Promise.all(groups.map(async (group) => logs.readInOrder(group, customPatterns)));
    polls += 1;
    const isScanDue = scansDue > 0 || polls % POLLS_PER_SCAN === 0;
    return (isScanDue && ((await patience.wait(run.folder, scan)) ?? false)) || grown.includes(true);
  }

  async function readByOtherPatterns(wantedPatterns: readonly string[]): Promise<void> {
    const found = await patience.wait(run.folder, async () => find(files(), wantedPatterns));
    if (found === undefined) {
      return; // The next poll tries again.
    }
    customPatterns = wantedPatterns;
    take(found, ({ format }) => format === "custom");
  }

  async function scan(): Promise<boolean> {
    scansDue = Math.max(0, scansDue - 1);
    const found = absences.forgive(files(), await find(files(), customPatterns));
    scansDue = Math.max(scansDue, absences.scansDue());
    if (describeFiles(found) === describeFiles(files())) {
      return false;
    }
    if (sameLogs(files().logs, found.logs).length < found.logs.length) {
      poller.nudge(); // A new log is read at once.
    }
    take(found);
    return true;
  }

  const poller = createPoller(poll, options);
  return {
    dispose() {
      poller.dispose();
      watches.dispose();
      store.remove(run.folder);
    },
  };
}

/** Equal for equal lists of files and checkpoint sizes. */
function describeFiles({ logs, checkpoints }: RunFiles): string {
  return JSON.stringify([logs, checkpoints]);
}

function lateError(name: string, ms: number): Error {
  return new Error(`${name}: The disk has not answered for ${ms / 1000} s. It is read on when it does.`);
}
