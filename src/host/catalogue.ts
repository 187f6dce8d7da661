import { createAnnouncer } from "#core/event.ts";
import type { Announcer } from "#core/event.ts";
import type { RunFiles } from "#core/run.ts";
import * as vscode from "vscode";
import type { WorkerClient } from "./workerClient.ts";

// Enough for any project; a data set with a million files must not hold up the editor.
const MAX_ENTRIES = 20_000;

/** The runs that lie in the workspace, followed or not. */
export interface Catalogue {
  readonly runs: () => readonly RunFiles[];
  /** The search stopped at its limit. */
  readonly isTruncated: () => boolean;
  /** Looks through the workspace folders. */
  readonly refresh: () => Promise<void>;
  /** Looks through one folder and adds what it finds, also outside of the workspace. */
  readonly add: (folder: string) => Promise<readonly RunFiles[]>;
  readonly onDidChange: Announcer<undefined>["on"];
}

export function createCatalogue(
  worker: WorkerClient,
  patternsFor: (folder: string) => Promise<readonly string[]>,
): Catalogue {
  const runs = new Map<string, RunFiles>();
  const { on, announce } = createAnnouncer<undefined>();
  let isTruncated = false;

  async function search(folder: string): Promise<readonly RunFiles[]> {
    const customPatterns = await patternsFor(folder);
    // In Restricted Mode a link that leads out of the workspace must not be read.
    const skipsLinks = !vscode.workspace.isTrusted;
    const request = { kind: "discoverRuns", folder, maxEntries: MAX_ENTRIES, customPatterns, skipsLinks } as const;
    const found = await worker.request<"discoverRuns">(request);
    isTruncated ||= found.truncated;
    for (const run of found.runs) {
      runs.set(run.folder, run);
    }
    return found.runs;
  }

  return {
    runs: () => [...runs.values()].toSorted((a, b) => b.modifiedMs - a.modifiedMs),
    isTruncated: () => isTruncated,
    async refresh() {
      isTruncated = false;
      const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
      await Promise.all(folders.map(({ uri }) => search(uri.fsPath)));
      announce(undefined);
    },
    async add(folder) {
      const found = await search(folder);
      announce(undefined);
      return found;
    },
    onDidChange: on,
  };
}
