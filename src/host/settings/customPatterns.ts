import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { WorkerClient } from "#client/workerClient.ts";

const SETTING = "gradlens.parsing.customPatterns";

/** The user's own patterns for logs in a folder: each may match lines, with groups `step` and `value`. */
export function customPatternsFor(folder: string): string[] {
  const value = vscode.workspace.getConfiguration(undefined, vscode.Uri.file(folder)).get<unknown>(SETTING);
  return Array.isArray(value) ? value.filter((pattern) => typeof pattern === "string") : [];
}

/** Announces that the patterns for a folder, or for any when none is given, have changed. */
export function onDidChangePatterns(folder: string | undefined, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(SETTING, folder === undefined ? undefined : vscode.Uri.file(folder))) {
      listener();
    }
  });
}

/** Says what is wrong with the patterns of the open folders, once for each set of them. */
export function warnOfBadPatterns(worker: WorkerClient, log: vscode.LogOutputChannel): vscode.Disposable {
  const said = new Set<string>();

  async function check(folder: string): Promise<void> {
    const customPatterns = customPatternsFor(folder);
    const key = JSON.stringify(customPatterns);
    if (customPatterns.length === 0 || said.has(key)) {
      return;
    }
    said.add(key);
    const problems = await worker.request<"checkPatterns">({ kind: "checkPatterns", customPatterns });
    const [first] = problems;
    if (first !== undefined) {
      const pattern = t("Pattern {0} of {1}: {2}", first.index + 1, SETTING, first.reason);
      const others = problems.length - 1;
      await offerSettings(others === 0 ? pattern : t("{0} Further patterns with problems: {1}.", pattern, others));
    }
  }

  const checkAll = (): void => {
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      void check(uri.fsPath).catch((error: unknown) => log.warn(String(error)));
    }
  };
  checkAll();
  return onDidChangePatterns(undefined, checkAll);
}

async function offerSettings(message: string): Promise<void> {
  const open = t("Open Settings");
  if ((await vscode.window.showWarningMessage(message, open)) === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", SETTING);
  }
}
