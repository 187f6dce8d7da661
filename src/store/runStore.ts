import { createAnnouncer } from "#core/event.ts";
import type { Announcer } from "#core/event.ts";
import type { LogBatch, LogEnd } from "#core/log.ts";
import type { LogFile, RunFiles } from "#core/run.ts";
import type { CheckpointSummary } from "./checkpointSummary.ts";
import { createKeys } from "./keys.ts";
import { createRun } from "./run.ts";
import type { Run } from "./run.ts";

/** What happened to a run. */
export interface RunChange {
  readonly run: Run;
  readonly what: "samples" | "restarted" | "files" | "norms" | "removed";
}

/** Runs being followed, in the order they were added. It keeps series and announces growth; it judges nothing. */
export interface RunStore {
  readonly runs: () => readonly Run[];
  readonly get: (id: string) => Run | undefined;
  /** Adds the run or renews its list of files. */
  readonly setFiles: (files: RunFiles) => Run;
  readonly append: (id: string, log: LogFile, batch: LogBatch) => void;
  /** Shows the end of a log until the rest is read. */
  readonly showEnd: (id: string, log: LogFile, end: LogEnd) => void;
  readonly setSummary: (id: string, path: string, summary: CheckpointSummary) => void;
  readonly remove: (id: string) => void;
  readonly onDidChange: Announcer<RunChange>["on"];
}

/** Of a run with more than `maxSamples` the oldest samples are coarsened. */
export function createRunStore(maxSamples: () => number = () => Infinity): RunStore {
  const runs = new Map<string, Run>();
  const keys = createKeys();
  const { on, announce } = createAnnouncer<RunChange>();
  return {
    runs: () => [...runs.values()],
    get: (id) => runs.get(id),
    setFiles(files) {
      const run = runs.get(files.folder) ?? createRun(files.folder, maxSamples, keys);
      runs.set(run.id, run);
      const hasLostLogs = run.setFiles(files);
      announce({ run, what: "files" });
      if (hasLostLogs) {
        announce({ run, what: "restarted" });
      }
      return run;
    },
    append(id, log, batch) {
      const run = runs.get(id);
      if (run === undefined) {
        return; // The run was removed while its log was being read.
      }
      const what = run.append(log, batch);
      if (what !== "nothing") {
        announce({ run, what });
      }
    },
    showEnd(id, log, end) {
      const run = runs.get(id);
      if (run !== undefined) {
        run.showEnd(log, end);
        announce({ run, what: "restarted" });
      }
    },
    setSummary(id, path, summary) {
      const run = runs.get(id);
      if (run !== undefined) {
        run.summaries.set(path, summary);
        announce({ run, what: "norms" });
      }
    },
    remove(id) {
      const run = runs.get(id);
      if (run !== undefined) {
        runs.delete(id);
        keys.forget();
        announce({ run, what: "removed" });
      }
    },
    onDidChange: on,
  };
}
