import * as vscode from "vscode";
import { sourceLanguageOf } from "../language/sourceLanguage.ts";
import { loadSource } from "../loadSource.ts";
import { clipPlacesIn } from "./clipPlaces.ts";
import type { ClipPlace } from "./clipPlaces.ts";

export interface DocumentPlace extends ClipPlace {
  readonly document: vscode.TextDocument;
}

// What others wrote, or a tool: nobody sets a threshold there.
const LEFT_OUT =
  "**/{node_modules,.git,.venv,venv,env,site-packages,__pycache__,wandb,mlruns,lightning_logs,build,dist}/**";
const SOURCES = "**/*.{py,json,yaml,yml,toml,sh}";
const MAX_FILES = 3000;
const MAX_BYTES = 1_000_000;
/** Words without which no file clips, or could begin to. */
const CLIPS = /clip|max_?grad|grad\w*_?(?:max_?)?norm|max_norm|\.step\(/i;

/** Every place of the workspace where a threshold is set; when there is none, where one could be. */
export async function findPlaces(threshold: number): Promise<readonly DocumentPlace[]> {
  const files = await vscode.workspace.findFiles(SOURCES, LEFT_OUT, MAX_FILES);
  const found: DocumentPlace[] = [];
  for (const file of files.toSorted((a, b) => a.path.localeCompare(b.path))) {
    if (await mayClip(file)) {
      found.push(...(await placesIn(file, threshold)));
    }
  }
  const changes = found.filter(({ kind }) => kind === "change");
  return changes.length > 0 ? changes : found;
}

async function placesIn(file: vscode.Uri, threshold: number): Promise<readonly DocumentPlace[]> {
  const document = await vscode.workspace.openTextDocument(file); // As it is in the editor, saved or not.
  const language = sourceLanguageOf(document);
  if (language === undefined) {
    return [];
  }
  const source = await loadSource();
  return clipPlacesIn(source, { language, text: document.getText() }, threshold).map((place) => ({
    ...place,
    document,
  }));
}

/** A glance at the file's bytes, so that most files are neither opened nor parsed. */
async function mayClip(file: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.textDocuments.some(({ uri, isDirty }) => isDirty && uri.toString() === file.toString())) {
    return true;
  }
  const { size } = await vscode.workspace.fs.stat(file);
  return size <= MAX_BYTES && CLIPS.test(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
}
