import { sep } from "node:path";
import type { Run } from "#store/run.ts";
import * as vscode from "vscode";

/**
 * The followed runs that a document may belong to, the nearest first: those of its workspace folder, or else those from
 * outside of all. A document from outside belongs to the run whose folder it lies in; one without a file to any.
 */
export function runsNear(runs: readonly Run[], { scheme, fsPath, path }: vscode.Uri): readonly Run[] {
  if (scheme === "untitled") {
    return runs;
  }
  const document = vscode.Uri.file(scheme === "file" ? fsPath : path);
  const folder = vscode.workspace.getWorkspaceFolder(document);
  if (folder === undefined) {
    return runs.filter(({ id }) => isInside(document.fsPath, id));
  }
  const own = runs.filter((run) => folderOf(run) === folder);
  const candidates = own.length > 0 ? own : runs.filter((run) => folderOf(run) === undefined);
  return candidates.toSorted((a, b) => distance(a.id, document.fsPath) - distance(b.id, document.fsPath));
}

function folderOf({ id }: Run): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(id));
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder + sep);
}

/** How many steps it takes from one path to the other, up and down the folders. */
function distance(a: string, b: string): number {
  const [from, to] = [a.split(sep), b.split(sep)];
  const differs = from.findIndex((part, index) => part !== to[index]);
  const common = differs < 0 ? from.length : differs;
  return from.length + to.length - 2 * common;
}
