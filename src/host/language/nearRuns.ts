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
  const folderOf = ({ id }: Run): vscode.WorkspaceFolder | undefined =>
    vscode.workspace.getWorkspaceFolder(vscode.Uri.file(id));
  const own = runs.filter((run) => folderOf(run) === folder);
  const candidates = own.length > 0 ? own : runs.filter((run) => folderOf(run) === undefined);
  return candidates.toSorted((a, b) => commonDepth(b.id, document.fsPath) - commonDepth(a.id, document.fsPath));
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder + sep);
}

/** How many folders two paths share from their root. */
function commonDepth(a: string, b: string): number {
  const others = b.split(sep);
  const parts = a.split(sep);
  const end = parts.findIndex((part, index) => part !== others[index]);
  return end < 0 ? parts.length : end;
}
