import { namesTensor } from "#core/names/namePattern.ts";
import type { Run } from "#store/run.ts";
import * as vscode from "vscode";
import type { FindingChoices, FindingsBook } from "#following/findingsBook.ts";
import { settings } from "./settings.ts";

/** What people want to hear of a run, as the settings of its folder say. */
export const choicesFromSettings: FindingChoices = {
  rules: ({ id }: Run) => settings.rules(vscode.Uri.file(id)),
  isIgnored({ id }, { tensor }) {
    const patterns = settings.ignoredTensors(vscode.Uri.file(id));
    return tensor !== null && patterns.some((pattern) => namesTensor(pattern, tensor));
  },
};

/** Judges anew when other rules are switched on, or other tensors are ignored. */
export function judgeAnewOnChange(findings: FindingsBook): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("gradlens.rules.enabled") || event.affectsConfiguration("gradlens.tensors.ignore")) {
      findings.judgeAnew();
    }
  });
}
