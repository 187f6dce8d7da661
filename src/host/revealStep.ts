import type { Run } from "#store/run.ts";
import * as vscode from "vscode";
import { seriesOf } from "./seriesOf.ts";

/** Opens the log at the line that holds a step's global norm, the main one or else a further one, or the norm of a tensor. */
export async function revealStep(run: Run, step: number, tensor?: string): Promise<void> {
  const series = tensor === undefined ? run.ofKind("globalNorm") : [seriesOf(run, tensor)];
  const place = series.map((one) => one?.placeAt(step)).find((found) => found !== undefined);
  if (place === undefined) {
    return;
  }
  const selection = new vscode.Range(place.line, 0, place.line, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(place.path), {
    selection,
    viewColumn: vscode.ViewColumn.Beside,
  });
}
