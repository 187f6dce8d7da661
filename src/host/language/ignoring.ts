import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { settings } from "../settings/settings.ts";

/** Switches a rule off in the workspace's settings. Once it is off, nothing happens. */
export async function ignoreRule(rule: unknown): Promise<void> {
  if (typeof rule === "string" && /^GN\d+$/.test(rule) && settings.isRuleOn(rule)) {
    const title = t("{0} is off in this workspace.", rule);
    await change("rules.enabled", (value) => ({ ...objectOf(value), [rule]: false }), title);
  }
}

/** Puts a tensor into the workspace's settings as one without findings. Once it is there, nothing happens. */
export async function ignoreTensor(tensor: unknown): Promise<void> {
  const known = vscode.workspace.getConfiguration("gradlens").get<unknown>("tensors.ignore");
  if (typeof tensor === "string" && !listOf(known).includes(tensor)) {
    const title = t("{0} has no findings in this workspace.", tensor);
    await change("tensors.ignore", (value) => [...listOf(value), tensor], title);
  }
}

/** Settings know no undo, so it is offered: it puts back what the workspace said before. */
async function change(name: string, renew: (value: unknown) => unknown, title: string): Promise<void> {
  const isInWorkspace = vscode.workspace.workspaceFolders !== undefined;
  const target = isInWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  const configuration = vscode.workspace.getConfiguration("gradlens");
  const said = configuration.inspect<unknown>(name);
  const before = isInWorkspace ? said?.workspaceValue : said?.globalValue;
  await configuration.update(name, renew(before), target);
  const undo = t("Undo");
  // Not awaited: the command is done, whether or not somebody answers.
  void vscode.window.showInformationMessage(title, undo).then(async (chosen) => {
    if (chosen === undo) {
      await vscode.workspace.getConfiguration("gradlens").update(name, before, target);
    }
  });
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
