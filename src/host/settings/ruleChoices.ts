import { namesTensor } from "#core/names/namePattern.ts";
import type { RunChoices } from "#answers/fileAccess.ts";
import * as vscode from "vscode";
import type { FindingChoices, FindingsBook } from "#following/findingsBook.ts";
import type { ConfigBook } from "./configBook.ts";
import { settings } from "./settings.ts";

/** What people want to hear of a run, as the settings of its folder say. */
export const choicesFromSettings: FindingChoices = {
  rules: ({ id }) => settings.rules(vscode.Uri.file(id)),
  isIgnored({ id }, { tensor }) {
    const patterns = settings.ignoredTensors(vscode.Uri.file(id));
    return tensor !== null && patterns.some((pattern) => namesTensor(pattern, tensor));
  },
};

/** The same for a folder that may not be followed, or for the one of a log: its file as it is now, and the settings. */
export function choicesFrom(configs: ConfigBook): (path: string) => Promise<RunChoices> {
  const { rules, isIgnored } = configs.applyTo(choicesFromSettings);
  return async (path) => {
    await configs.load(path);
    const run = { id: path };
    return {
      rules: rules(run),
      isIgnored: (finding) => isIgnored(run, finding),
      logPatterns: configs.patternsFor(path),
    };
  };
}

/** Judges anew when other rules are switched on, or other tensors are ignored. */
export function judgeAnewOnChange(findings: FindingsBook): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("gradlens.rules.enabled") || event.affectsConfiguration("gradlens.tensors.ignore")) {
      findings.judgeAnew();
    }
  });
}
