import type { Disposable } from "#core/event.ts";
import type { RunFiles } from "#core/run.ts";
import { messageOf } from "#core/messageOf.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { onDidChangePatterns } from "../settings/customPatterns.ts";
import { followRun } from "#following/follower.ts";
import { settings } from "../settings/settings.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { logsOf } from "#client/workerLogs.ts";

/** The runs being followed; each keeps a poller and watchers of a few folders until it is let go. */
export interface FollowedRuns extends Disposable {
  readonly follow: (run: RunFiles) => void;
  readonly unfollow: (id: string) => void;
  readonly isFollowed: (id: string) => boolean;
}

export interface FollowedRunsOptions {
  readonly store: RunStore;
  readonly worker: WorkerClient;
  /** The patterns for logs in a folder, as they are now. */
  readonly patternsFor: (folder: string) => readonly string[];
  readonly log: vscode.LogOutputChannel;
}

export function createFollowedRuns({ store, worker, patternsFor, log }: FollowedRunsOptions): FollowedRuns {
  const followed = new Map<string, Disposable>();
  const source = logsOf(worker, () => !vscode.workspace.isTrusted);
  const onError = createErrorLog(log);
  return {
    follow(run) {
      if (!followed.has(run.folder)) {
        const intervalMs = settings.pollingIntervalMs;
        const customPatterns = (): readonly string[] => patternsFor(run.folder);
        const options = { store, source, intervalMs, customPatterns, watch: watchFolder, onError };
        followed.set(run.folder, followRun(run, options));
      }
    },
    unfollow(id) {
      followed.get(id)?.dispose();
      followed.delete(id);
    },
    isFollowed: (id) => followed.has(id),
    dispose() {
      for (const follower of followed.values()) {
        follower.dispose();
      }
    },
  };
}

/** What is worth a look before the next poll: changes in the folder, and of how logs there are read. */
function watchFolder(folder: string, onDidChange: (what: "content" | "entries") => void): vscode.Disposable {
  const patterns = onDidChangePatterns(folder, () => onDidChange("content"));
  return settings.useEvents() ? vscode.Disposable.from(patterns, watchEntries(folder, onDidChange)) : patterns;
}

/** One non-recursive watcher; the pattern without a slash also brings events from folders users exclude. */
function watchEntries(folder: string, onDidChange: (what: "content" | "entries") => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), "*"));
  watcher.onDidChange(() => onDidChange("content"));
  watcher.onDidCreate(() => onDidChange("entries"));
  watcher.onDidDelete(() => onDidChange("entries"));
  return watcher;
}

/** A poll repeats its error every two seconds; the log has it once until another one comes. */
function createErrorLog(log: vscode.LogOutputChannel): (error: unknown) => void {
  let last = "";
  return (error) => {
    const message = messageOf(error);
    if (message !== last) {
      log.warn(message);
    }
    last = message;
  };
}
