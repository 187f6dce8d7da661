import type { Disposable } from "#core/event.ts";
import type { LogBatch, LogPosition } from "#core/log.ts";
import type { LogFile, RunFiles } from "#core/run.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { createPoller } from "./poller.ts";
import type { WorkerClient } from "./workerClient.ts";

// Looking for new files costs a directory walk; without an event it is done on every fifth poll.
const POLLS_PER_SCAN = 5;
// A checkpoint's folder appears before its files are complete, so a new entry is looked at again.
const SCANS_AFTER_NEW_ENTRY = 3;
const MAX_SCAN_ENTRIES = 20_000;

export interface FollowOptions {
  readonly store: RunStore;
  readonly worker: WorkerClient;
  readonly intervalMs: () => number;
  /** Announces changes in the folder; events only shorten the next poll. */
  readonly watch: (folder: string, onDidChange: (what: "content" | "entries") => void) => Disposable;
  readonly onError: (error: unknown) => void;
}

/** Keeps a run in the store up to date with its folder: growing logs, new logs, new checkpoints. */
export function followRun(run: RunFiles, options: FollowOptions): Disposable {
  const { store } = options;
  let files = run;
  let polls = 0;
  let scansDue = 0;
  const readNew = createLogFollower(store.setFiles(files), options);

  async function poll(): Promise<boolean> {
    const grown = await Promise.all(files.logs.map(readNew));
    polls += 1;
    const isScanDue = scansDue > 0 || polls % POLLS_PER_SCAN === 0;
    return (isScanDue && (await scan())) || grown.includes(true);
  }

  async function scan(): Promise<boolean> {
    scansDue = Math.max(0, scansDue - 1);
    const found = await findFiles(run.folder, options.worker);
    if (found === undefined || describeFiles(found) === describeFiles(files)) {
      return false;
    }
    files = found;
    store.setFiles(files);
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

/** Reads what was appended to a log since the last call; true when there was something. */
function createLogFollower(run: Run, { store, worker, onError }: FollowOptions): (log: LogFile) => Promise<boolean> {
  const positions = new Map<string, LogPosition>();
  // The run may be let go, and even followed again, while the worker reads.
  const isFollowed = (): boolean => store.get(run.id) === run;

  async function readOn(log: LogFile): Promise<boolean> {
    let hasGrown = false;
    let more = true;
    while (more && isFollowed()) {
      const position = positions.get(log.path) ?? null;
      const batch = await worker.request<"readLog">({ kind: "readLog", path: log.path, position });
      positions.set(log.path, batch.position);
      if (hasNews(batch) && isFollowed()) {
        store.append(run.id, log, batch);
        hasGrown = true;
      }
      more = batch.more;
    }
    return hasGrown;
  }

  return async (log) => {
    try {
      return await readOn(log);
    } catch (error) {
      onError(error); // One log that cannot be read must not keep the others from growing.
      return false;
    }
  };
}

function hasNews({ chunks, restarted, clipThreshold, problems }: LogBatch): boolean {
  return chunks.length > 0 || restarted || clipThreshold !== null || problems.length > 0;
}

async function findFiles(folder: string, worker: WorkerClient): Promise<RunFiles | undefined> {
  const request = { kind: "discoverRuns", folder, maxEntries: MAX_SCAN_ENTRIES } as const;
  const { runs } = await worker.request<"discoverRuns">(request);
  return runs.find((run) => run.folder === folder);
}

/** Equal for equal lists of files and checkpoint sizes. */
function describeFiles({ logs, checkpoints }: RunFiles): string {
  return JSON.stringify([logs, checkpoints]);
}
