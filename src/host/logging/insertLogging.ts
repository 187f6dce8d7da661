import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { insertPlace, withBlankLines } from "./insertPlace.ts";
import { snippetsFor } from "./snippets.ts";
import type { LoggingSnippet } from "./snippets.ts";

interface SnippetPick extends vscode.QuickPickItem {
  readonly snippet: LoggingSnippet;
}

/** Asks for the framework and puts its logging into the active Python source, or into a new one. Undone at once. */
export async function insertLogging(extensionUri: vscode.Uri): Promise<void> {
  const active = vscode.window.activeTextEditor;
  const editor = active?.document.languageId === "python" ? active : undefined;
  const source = editor?.document.getText() ?? "";
  const picks = snippetsFor(source).map((snippet): SnippetPick => ({
    label: snippet.title,
    description: snippet.prefix,
    detail: snippet.detail,
    snippet,
  }));
  const picked = await vscode.window.showQuickPick(picks, {
    placeHolder: t("Where are gradients computed?"),
    matchOnDetail: true,
  });
  if (picked === undefined) {
    return;
  }
  const text = await readSnippet(extensionUri, picked.snippet);
  if (editor === undefined) {
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ language: "python", content: text }),
    );
  } else {
    await insert(editor, text);
  }
}

async function readSnippet(extensionUri: vscode.Uri, { file }: LoggingSnippet): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, "snippets", file));
  return new TextDecoder().decode(bytes);
}

/** Before the first class or function, once. */
async function insert(editor: vscode.TextEditor, text: string): Promise<void> {
  const source = editor.document.getText().replaceAll("\r\n", "\n");
  const known = /^class GradientLog\w*/m.exec(source);
  if (known !== null) {
    reveal(editor, editor.document.positionAt(editor.document.getText().indexOf(known[0])));
    void vscode.window.showInformationMessage(t("This source has {0} already.", known[0]));
    return;
  }
  const line = insertPlace(source);
  const before = source.split("\n").slice(0, line).join("\n");
  const added = withBlankLines(text, before === "" ? "" : `${before}\n`, line < source.split("\n").length - 1);
  const place = new vscode.Position(line, 0);
  await editor.edit((edit) => edit.insert(place, added));
  reveal(editor, place);
}

function reveal(editor: vscode.TextEditor, place: vscode.Position): void {
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.AtTop);
}
