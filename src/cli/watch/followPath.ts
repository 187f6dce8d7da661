import { dirname, resolve } from "node:path";
import type { Disposable } from "#core/event.ts";
import type { LogFormat } from "#core/log.ts";
import type { RunFiles } from "#core/run.ts";
import { isFolder } from "#files/isFolder.ts";
import { watchFolder } from "#files/watchFolder.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { logsOf } from "#client/workerLogs.ts";
import { followRun } from "#following/follower.ts";
import type { LogSource } from "#following/logSource.ts";
import { createPoller } from "#following/poller.ts";
import type { RunStore } from "#store/runStore.ts";
import { kindOfPath } from "#worker/runs/kindOfPath.ts";
import { MAX_ENTRIES } from "../runs/loadRuns.ts";

export interface FollowPathOptions {
  /** Reads the logs. */
  readonly worker: Pick<WorkerClient, "request">;
  readonly store: RunStore;
  readonly intervalMs: number;
  readonly logPatterns: readonly string[];
  readonly onError: (error: unknown) => void;
}

// As many as fit on a screen; older runs are over.
const MOST_RUNS = 4;
// A new run is a new folder, which is looked for less often than a new line.
const LOOK_FOR_RUNS_MS = 10_000;

/** Keeps the store up to date with a log, or with the newest runs of a folder. Rejects when there is nothing to follow. */
export async function followPath(path: string, options: FollowPathOptions): Promise<Disposable> {
  switch (await kindOfPath(path, options.logPatterns)) {
    case "log":
      return followFile(resolve(path), options);
    case "folder":
      return followFolder(resolve(path), options);
    case "checkpoint":
    case "unknown":
      throw new Error(`${path}: no training log is recognised here.`);
  }
}

async function followFile(path: string, options: FollowPathOptions): Promise<Disposable> {
  const source = logsOf(options.worker);
  const { format } = (await source.readLog(path, null, options.logPatterns)).position;
  const files = filesOf(path, format);
  return follow(
    files,
    { ...source, findRuns: async () => ({ runs: await asItIs(files, path), truncated: false, unreadable: [] }) },
    options,
  );
}

function filesOf(path: string, format: LogFormat): RunFiles {
  return { folder: dirname(path), logs: [{ path, format }], checkpoints: [], modifiedMs: 0 };
}

/** What else lies in the folder was not asked for. */
async function asItIs(files: RunFiles, path: string): Promise<RunFiles[]> {
  return isFolder(path).then(
    () => [files],
    () => [],
  );
}

function follow(files: RunFiles, source: LogSource, options: FollowPathOptions): Disposable {
  const { store, intervalMs, logPatterns, onError } = options;
  return followRun(files, {
    store,
    source,
    intervalMs: () => intervalMs,
    customPatterns: () => logPatterns,
    watch: watchFolder,
    onError,
  });
}

async function followFolder(folder: string, options: FollowPathOptions): Promise<Disposable> {
  const { worker, logPatterns, onError } = options;
  const source = logsOf(worker);
  const followed = new Map<string, Disposable>();

  async function look(): Promise<boolean> {
    const { runs } = await worker.request<"discoverRuns">({
      kind: "discoverRuns",
      folder,
      maxEntries: MAX_ENTRIES,
      customPatterns: logPatterns,
    });
    const logged = runs.filter(({ logs }) => logs.some(({ format }) => format !== "settingsFile"));
    const newest = logged.toSorted((a, b) => b.modifiedMs - a.modifiedMs).slice(0, MOST_RUNS);
    const wanted = new Set(newest.map((run) => run.folder));
    for (const [id, follower] of followed) {
      if (!wanted.has(id)) {
        follower.dispose();
        followed.delete(id);
      }
    }
    for (const run of newest) {
      if (!followed.has(run.folder)) {
        followed.set(run.folder, follow(run, source, options));
      }
    }
    return true; // So that the next look is not put off.
  }

  await look();
  const poller = createPoller(look, { intervalMs: () => LOOK_FOR_RUNS_MS, onError });
  return {
    dispose() {
      poller.dispose();
      followed.forEach((follower) => follower.dispose());
    },
  };
}
