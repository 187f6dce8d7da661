import { createAnnouncer } from "#core/event.ts";
import type { Announcer } from "#core/event.ts";
import type { RunFiles } from "#core/run.ts";
import type { Discovery } from "#protocol/worker.ts";
import * as vscode from "vscode";
import { SEARCH_LIMITS } from "./searchLimits.ts";
import type { WorkerClient } from "./workerClient.ts";

/** The runs that lie in the workspace, followed or not. */
export interface Catalogue {
  readonly runs: () => readonly RunFiles[];
  /** The limit at which the last search stopped. */
  readonly truncated: () => Discovery["truncated"];
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
  let truncated: Discovery["truncated"] = false;

  async function search(folder: string): Promise<readonly RunFiles[]> {
    const customPatterns = await patternsFor(folder);
    // In Restricted Mode a link that leads out of the workspace must not be read.
    const skipsLinks = !vscode.workspace.isTrusted;
    const request = { kind: "discoverRuns", folder, ...SEARCH_LIMITS, customPatterns, skipsLinks } as const;
    const found = await worker.request<"discoverRuns">(request);
    truncated ||= found.truncated;
    for (const run of found.runs) {
      runs.set(run.folder, run);
    }
    return found.runs;
  }

  return {
    runs: () => [...runs.values()].toSorted((a, b) => b.modifiedMs - a.modifiedMs),
    truncated: () => truncated,
    async refresh() {
      truncated = false;
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
