import { Buffer } from "node:buffer";
import type { FileFormat, SavedFile } from "#protocol/dashboard/savedFile.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";

const LABELS: Readonly<Record<FileFormat, string>> = {
  svg: "SVG",
  png: "PNG",
  csv: "CSV",
  json: "JSON",
  html: "HTML",
};

/** Writes a file of the dashboard where people say; nothing when they do not. */
export async function saveFile({ name, format, content }: SavedFile): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = suggestedName(name, format);
  const target = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, file) }),
    filters: { [LABELS[format]]: [format] },
  });
  if (target !== undefined) {
    await vscode.workspace.fs.writeFile(target, Buffer.from(content, format === "png" ? "base64" : "utf8"));
    vscode.window.setStatusBarMessage(t("Saved {0}", vscode.workspace.asRelativePath(target)), 5000);
  }
}

const LONGEST = 80;

/** Runs are called after folders, which may hold anything. */
function suggestedName(name: string, format: FileFormat): string {
  const plain = name.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[-.]+|[-.]+$/g, "");
  return `${plain === "" ? "gradlens" : plain.slice(0, LONGEST)}.${format}`;
}
