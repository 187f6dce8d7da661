import { clipOptionsOf } from "#core/clipping/snippets.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { findPlaces } from "./findPlaces.ts";
import type { DocumentPlace } from "./findPlaces.ts";

/**
 * Writes a threshold for the global norm into the source, where the workspace sets one: at the only place at once, of
 * several at the one that people pick. An edit like any other: saving it is left to the editor, and one undo takes it back.
 * Says what became of it.
 */
export async function applyThreshold(threshold: number): Promise<string> {
  const places = await findPlaces(threshold);
  const [only] = places;
  if (only === undefined) {
    return await offerCode(threshold);
  }
  const isClear = places.length === 1 && only.kind === "change";
  const place = isClear ? only : await pickPlace(places, threshold);
  return place === undefined ? t("Nothing was changed.") : await change(place, threshold);
}

interface PlacePick extends vscode.QuickPickItem {
  readonly place: DocumentPlace;
}

async function pickPlace(places: readonly DocumentPlace[], threshold: number): Promise<DocumentPlace | undefined> {
  const items = places.map((place): PlacePick => ({
    label: place.kind === "change" ? `${place.name} = ${place.now}` : t("Clip before {0}", place.name),
    description: whereIs(place),
    place,
  }));
  const isNew = places.every(({ kind }) => kind === "insert");
  const placeHolder = isNew
    ? t("Nothing in the workspace sets a clip threshold. Where should {0} go?", threshold)
    : t("Which threshold should become {0}?", threshold);
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.place;
}

async function change(place: DocumentPlace, threshold: number): Promise<string> {
  const { document, edits, offset, kind, name } = place;
  const where = whereIs(place);
  if (edits.length > 0) {
    const edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of edits) {
      edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    }
    if (!(await vscode.workspace.applyEdit(edit))) {
      throw new Error(t("{0} could not be changed.", where));
    }
  }
  const at = document.positionAt(offset);
  await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(at, at),
    viewColumn: vscode.ViewColumn.Beside,
  });
  if (edits.length === 0) {
    return t("{0} is {1} already ({2}).", name, threshold, where);
  }
  return kind === "change"
    ? t("{0} is now {1} ({2}); undo takes it back.", name, threshold, where)
    : t("Clipping to {0} was inserted ({1}); undo takes it back.", threshold, where);
}

/** Nothing in the workspace clips or steps an optimizer: the code for whatever framework it is. */
async function offerCode(threshold: number): Promise<string> {
  const items = clipOptionsOf(threshold).map(({ framework, code }) => ({ label: framework, detail: code }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t("No place for a clip threshold was found in the workspace. Copy the code for …"),
  });
  if (picked === undefined) {
    return t("No place for a clip threshold was found in the workspace.");
  }
  await vscode.env.clipboard.writeText(picked.detail);
  return t("The code for {0} is on the clipboard.", picked.label);
}

function whereIs({ document, offset }: DocumentPlace): string {
  return t("{0}, line {1}", vscode.workspace.asRelativePath(document.uri), document.positionAt(offset).line + 1);
}
