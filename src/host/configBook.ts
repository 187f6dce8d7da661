import { CONFIG_NAME, ignores, switchRules } from "#core/config.ts";
import type { ConfigFile } from "#core/config.ts";
import { createAnnouncer } from "#core/event.ts";
import type { Announcer, Disposable } from "#core/event.ts";
import { RULE_IDS } from "#core/rules.ts";
import type { FindingChoices } from "#following/findingsBook.ts";
import type { RunStore } from "#store/runStore.ts";
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import { customPatternsFor } from "./customPatterns.ts";
import type { WorkerClient } from "./workerClient.ts";

/** The `gradlens.config.json` above each followed run, as it is now. */
export interface ConfigBook extends Disposable {
  /** Looks for the file above a folder; later changes are noticed. */
  readonly load: (folder: string) => Promise<void>;
  /** What the file says of rules goes before the settings, so that the editor and a check in CI agree; ignored is what either ignores. */
  readonly applyTo: (choices: FindingChoices) => FindingChoices;
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
      files.set(folder, await worker.request<"findConfig">({ kind: "findConfig", folder }));
    } catch (error) {
      log.warn(error instanceof Error ? error.message : String(error));
      files.set(folder, before);
    }
    if (!isDeepStrictEqual(files.get(folder), before)) {
      announce(undefined);
    }
  }

  const loadAgain = (): void => [...files.keys()].forEach((folder) => void load(folder)); // It rejects never.
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${CONFIG_NAME}`);
  const events = [watcher.onDidChange(loadAgain), watcher.onDidCreate(loadAgain), watcher.onDidDelete(loadAgain)];
  const subscription = store.onDidChange(({ run, what }) => {
    if (what === "files" && !files.has(run.id)) {
      files.set(run.id, null);
      void load(run.id);
    }
  });
  return {
    load,
    applyTo: (choices) => ({
      rules: (run) => switchRules(choices.rules(run), RULE_IDS, files.get(run.id)?.config.rules),
      isIgnored(run, finding) {
        const file = files.get(run.id) ?? null;
        return choices.isIgnored(run, finding) || (file !== null && ignores(file, finding));
      },
    }),
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
