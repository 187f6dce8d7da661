import { CONFIG_NAME, ignores, rulesOf } from "#core/config.ts";
import type { ConfigFile } from "#core/config.ts";
import { createAnnouncer } from "#core/event.ts";
import type { Announcer, Disposable } from "#core/event.ts";
import type { SourceRuleId } from "#core/sourceRules.ts";
import { messageOf } from "#core/messageOf.ts";
import type { FindingChoices } from "#following/findingsBook.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import { customPatternsFor } from "./customPatterns.ts";
import { settings } from "./settings.ts";
import type { WorkerClient } from "#client/workerClient.ts";

/** The `gradlens.config.json` above each followed run, and above folders that were asked for, as it is now. */
export interface ConfigBook extends Disposable {
  /** Looks for the file above a folder; later changes are noticed, and announced where the folder is of a followed run. */
  readonly load: (folder: string) => Promise<void>;
  /**
   * What the file says of rules goes before the settings, so that the editor and a check in CI agree; ignored is what either
   * ignores.
   */
  readonly applyTo: (choices: FindingChoices) => FindingChoices;
  /** The same for what is said of a source beside a run: of the file above the run, then of the settings for the source. */
  readonly wantsOfSource: (run: Pick<Run, "id">, rule: SourceRuleId, source: vscode.Uri) => boolean;
  /** The file's patterns, then those of the settings. Until a workspace is trusted, only what the settings allow. */
  readonly patternsFor: (folder: string) => readonly string[];
  readonly onDidChange: Announcer<undefined>["on"];
}

export function createConfigBook(
  store: RunStore,
  worker: Pick<WorkerClient, "request">,
  log: vscode.LogOutputChannel,
): ConfigBook {
  const files = new Map<string, ConfigFile | null>();
  const { on, announce } = createAnnouncer<undefined>();

  /** A file with a mistake changes nothing: it is just being written. */
  async function load(folder: string): Promise<void> {
    const before = files.get(folder) ?? null;
    try {
      files.set(folder, await worker.request<"findConfig">({ kind: "findConfig", folder, ...topFor(folder) }));
    } catch (error) {
      log.warn(messageOf(error));
      files.set(folder, before);
    }
    if (store.get(folder) !== undefined && !isDeepStrictEqual(files.get(folder), before)) {
      announce(undefined);
    }
  }

  const fileOf = ({ id }: Pick<Run, "id">): ConfigFile | null => files.get(id) ?? null;
  const loadAgain = (): void => [...files.keys()].forEach((folder) => void load(folder)); // It rejects never.
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${CONFIG_NAME}`);
  const events = [
    watcher.onDidChange(loadAgain),
    watcher.onDidCreate(loadAgain),
    watcher.onDidDelete(loadAgain),
    vscode.workspace.onDidGrantWorkspaceTrust(loadAgain),
  ];
  const subscription = store.onDidChange(({ run, what }) => {
    if (what === "files" && !files.has(run.id)) {
      files.set(run.id, null);
      void load(run.id);
    }
  });
  return {
    load,
    applyTo: (choices) => ({
      rules: (run) => rulesOf(fileOf(run), choices.rules(run)),
      isIgnored: (run, finding) => choices.isIgnored(run, finding) || ignores(fileOf(run), finding),
    }),
    wantsOfSource(run, rule, source) {
      const isOn = fileOf(run)?.config.rules?.[rule] ?? settings.isRuleOn(rule, source);
      return isOn && !ignores(fileOf(run), { rule, tensor: null, source: { path: source.fsPath } });
    },
    patternsFor(folder) {
      const own = vscode.workspace.isTrusted ? files.get(folder)?.config.logPatterns : undefined;
      return [...(own ?? []), ...customPatternsFor(folder)];
    },
    onDidChange: on,
    dispose() {
      subscription.dispose();
      vscode.Disposable.from(watcher, ...events).dispose();
    },
  };
}

/** In Restricted Mode nothing is looked at above the workspace, or above a run that people chose outside of it. */
function topFor(folder: string): { readonly top?: string } {
  const opened = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder))?.uri.fsPath;
  return vscode.workspace.isTrusted ? {} : { top: opened ?? folder };
}
