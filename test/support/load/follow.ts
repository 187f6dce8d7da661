import { followRun } from "#following/follower.ts";
import type { Disposable } from "#core/event.ts";
import type { LogSource } from "#following/logSource.ts";
import { logsOf } from "#client/workerLogs.ts";
import type { RunStore } from "#store/runStore.ts";
import { createReadingWorker } from "../readingWorker.ts";

export interface Followed extends Disposable {
  /** Says that something changed in the folder, as a file event would. */
  readonly notice: (what: "content" | "entries") => void;
}

export interface FollowedOptions {
  readonly store: RunStore;
  /** Hears of every batch before the store does. */
  readonly onBatch?: LogSource["readLog"] extends (path: string, ...rest: never[]) => Promise<infer B>
    ? (path: string, batch: B) => void
    : never;
  readonly onError: (error: unknown) => void;
  /** Who reads: by default a worker without a process of its own. */
  readonly reader?: LogSource;
}

/** Follows a run by notices alone, through everything but the process that the worker has, unless it is given one. */
export function follow(folder: string, { store, onBatch, onError, reader }: FollowedOptions): Followed {
  const source = reader ?? logsOf(createReadingWorker());
  let notice: Followed["notice"] = ignore;
  const follower = followRun(
    { folder, logs: [], checkpoints: [], modifiedMs: 0 },
    {
      store,
      source: {
        ...source,
        async readLog(path, ...rest) {
          const batch = await source.readLog(path, ...rest);
          onBatch?.(path, batch);
          return batch;
        },
      },
      intervalMs: () => 1e8, // Only notices make it look.
      customPatterns: () => [],
      watch: (_, onDidChange) => {
        notice = onDidChange;
        return { dispose: () => undefined };
      },
      onError,
    },
  );
  return { ...follower, notice: (what) => notice(what) };
}

function ignore(): void {
  // The run is let go.
}
