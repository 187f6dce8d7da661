import { plainName } from "#core/names/plainName.ts";
import type { Run } from "#store/run.ts";
import * as vscode from "vscode";
import type { FindingChoices, FindingsBook } from "./findingsBook.ts";
import { settings } from "./settings.ts";
import { matchesAny } from "./tensorPatterns.ts";

/** What people want to hear of a run, as the settings of its folder say. */
export const choicesFromSettings: FindingChoices = {
  rules: ({ id }: Run) => settings.rules(vscode.Uri.file(id)),
  isIgnored({ id }, { tensor }) {
    if (tensor === null) {
      return false;
    }
    const patterns = settings.ignoredTensors(vscode.Uri.file(id));
    return matchesAny(patterns, tensor) || matchesAny(patterns, plainName(tensor));
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
