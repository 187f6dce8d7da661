import { createAnnouncer } from "#core/event.ts";
import type { Announcer } from "#core/event.ts";
import type { RunFiles } from "#core/run.ts";
import type { Discovery } from "#protocol/workerAnswers.ts";
import * as vscode from "vscode";
import { createKnownRuns } from "./knownRuns.ts";
import { SEARCH_LIMITS } from "./searchLimits.ts";
import { takeTurns } from "#core/takeTurns.ts";
import type { WorkerClient } from "#client/workerClient.ts";

/** The runs that lie in the workspace, followed or not. */
export interface Catalogue {
  readonly runs: () => readonly RunFiles[];
  /** The limit at which the last search through the workspace folders stopped. */
  readonly truncated: () => Discovery["truncated"];
  /** Looks through the workspace folders, but for what people exclude (`files.exclude`). Runs that are gone are let go. */
  readonly refresh: () => Promise<void>;
  /** Looks through one folder and adds what it finds, also outside of the workspace. */
  readonly add: (folder: string) => Promise<Discovery>;
  readonly onDidChange: Announcer<undefined>["on"];
}

export function createCatalogue(
  worker: WorkerClient,
  patternsFor: (folder: string) => Promise<readonly string[]>,
): Catalogue {
  const runs = createKnownRuns();
  const { on, announce } = createAnnouncer<undefined>();
  // One search after the other: the answer to an earlier question must not replace that to a later one.
  const inTurn = takeTurns(1);
  let truncated: Discovery["truncated"] = false;

  async function search(folder: string, excludes: readonly string[]): Promise<Discovery> {
    const customPatterns = await patternsFor(folder);
    // In Restricted Mode a link that leads out of the workspace must not be read.
    const skipsLinks = !vscode.workspace.isTrusted;
    const request = { kind: "discoverRuns", folder, ...SEARCH_LIMITS, customPatterns, excludes, skipsLinks } as const;
    const found = await worker.request<"discoverRuns">(request);
    runs.take(folder, found);
    return found;
  }

  async function searchAll(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
    const outside = runs.outside(folders.map(({ uri }) => uri.fsPath));
    const found = await Promise.all(folders.map(({ uri }) => search(uri.fsPath, excludesOf(uri))));
    await Promise.all(outside.map(({ folder }) => search(folder, [])));
    truncated = found.find((one) => one.truncated !== false)?.truncated ?? false;
    announce(undefined);
  }

  return {
    runs: runs.all,
    truncated: () => truncated,
    refresh: () => inTurn(searchAll),
    async add(folder) {
      const found = await search(folder, []);
      announce(undefined);
      return found;
    },
    onDidChange: on,
  };
}

/** Patterns with a condition are about generated sources. */
function excludesOf(folder: vscode.Uri): string[] {
  const excluded = vscode.workspace.getConfiguration("files", folder).get<unknown>("exclude");
  const patterns = typeof excluded === "object" && excluded !== null ? Object.entries(excluded) : [];
  return patterns.flatMap(([pattern, isOn]) => (isOn === true ? [pattern] : []));
}
