import type { Run } from "#store/run.ts";
import * as vscode from "vscode";

/** Opens the log at the line that holds a step's global norm, or the norm of a tensor. */
export async function revealStep(run: Run, step: number, tensor?: string): Promise<void> {
  const series = tensor === undefined ? run.first("globalNorm") : run.tensors().get(tensor);
  const place = series?.placeAt(step);
  if (place === undefined) {
    return;
  }
  const selection = new vscode.Range(place.line, 0, place.line, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(place.path), {
    selection,
    viewColumn: vscode.ViewColumn.Beside,
  });
}
