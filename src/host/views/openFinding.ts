import type { Run } from "#store/run.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { hasLines } from "../runs/logLines.ts";
import type { RunFinding } from "./findingOrder.ts";

/** Shows the log line of a finding; where the log has no lines to show, the dashboard. */
export async function openFinding({ run, finding }: RunFinding): Promise<void> {
  const { path, line } = finding.source;
  await openPlace(run, { path, line: line - 1 });
}

/** Shows the line that holds a step's global norm. */
export async function openStep(run: Run, step: number): Promise<void> {
  const series = run.first("globalNorm") ?? [...run.tensors().values()][0];
  const place = series?.placeAt(step);
  if (place === undefined) {
    void vscode.window.showWarningMessage(t("No norm is logged at {0}.", stepName(step, series?.key.axis)));
  } else {
    await openPlace(run, place);
  }
}

/** The line is zero-based. */
async function openPlace(run: Run, place: { readonly path: string; readonly line: number }): Promise<void> {
  const log = run.logs().find(({ path }) => path === place.path);
  if (log === undefined || !hasLines(log) || Number.isNaN(place.line)) {
    await vscode.commands.executeCommand("gradlens.openDashboard", run.id);
    return;
  }
  const selection = new vscode.Range(place.line, 0, place.line, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(place.path), { selection, preview: true });
}
