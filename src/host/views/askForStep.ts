import type { Run } from "#store/run.ts";
import { axisTitle } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { runName } from "../runs/runNames.ts";

/** Asks for a run, where there are several, and a step of it. */
export async function askForStep(
  runs: readonly Run[],
): Promise<{ readonly run: Run; readonly step: number } | undefined> {
  const run = runs.length < 2 ? runs[0] : await pickRun(runs);
  const norms = run?.first("globalNorm");
  const last = norms?.last()?.step;
  const title = axisTitle(norms?.key.axis);
  if (run === undefined) {
    return undefined;
  }
  const text = await vscode.window.showInputBox({
    title: runName(run.id),
    prompt: last === undefined ? title : t("{0}, up to {1}", title, last),
    validateInput: (value) => (isNumber(value) ? undefined : t("A number is needed.")),
  });
  return text === undefined ? undefined : { run, step: Number(text) };
}

async function pickRun(runs: readonly Run[]): Promise<Run | undefined> {
  const picks = runs.map((run) => ({ label: runName(run.id), run }));
  return (await vscode.window.showQuickPick(picks, { placeHolder: t("Choose a run") }))?.run;
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
