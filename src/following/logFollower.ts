import type { LogBatch, LogPosition } from "#core/log.ts";
import type { LogFile } from "#core/run.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import type { LogSource } from "./logSource.ts";
import type { Clock, Patience } from "./patience.ts";

// While a long log is read from its start, its end is shown, and looked at again this often.
const SHOW_END_MS = 2000;

/** Reads the logs of one run as they grow. */
export interface LogFollower {
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

interface LogFollowOptions {
  readonly store: RunStore;
  readonly source: LogSource;
  readonly onError: (error: unknown) => void;
  readonly patience: Patience;
}

export function createLogFollower(run: Run, { store, source, onError, patience }: LogFollowOptions): LogFollower {
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
