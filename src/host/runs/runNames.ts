import { basename, relative } from "node:path";
import * as vscode from "vscode";
import { sharedFolder } from "./sharedFolder.ts";

/** A run is named by its folder, as seen from the workspace. */
export function runName(folder: string): string {
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
  const path = workspace === undefined ? "" : relative(workspace.uri.fsPath, folder);
  return path === "" ? basename(folder) : path;
}

/** Names for runs beside each other: without the folders that all of them lie in. */
export function runNamesAmong(folders: readonly string[]): (folder: string) => string {
  const shared = sharedFolder(folders.map(runName)).length;
  return (folder) => runName(folder).slice(shared);
}
