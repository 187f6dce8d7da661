import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestAccess } from "#host/extension.ts";
import * as vscode from "vscode";

const LIMIT_MS = 60_000; // A machine with other work to do is slow, not wrong.
const PAUSE_MS = 50;

/** The activated extension under test. */
export async function gradlens(): Promise<TestAccess> {
  const extension = vscode.extensions.getExtension<TestAccess>("gradlens.gradlens");
  assert.ok(extension);
  return extension.activate();
}

/** A path inside the opened copy of the example run. */
export function examplePath(...parts: string[]): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  return join(folder.uri.fsPath, ...parts);
}

export function exampleUri(...parts: string[]): vscode.Uri {
  return vscode.Uri.file(examplePath(...parts));
}

/** Asks until there is an answer; fails with the name of what did not come. */
export async function eventually<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline;) {
    const found = await look();
    if (found !== undefined) {
      return found;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS);
    });
  }
  throw new Error(`${what} did not come within ${LIMIT_MS / 1000} s`);
}

/** Waits until the run of the opened folder is read to its last step. */
export async function exampleRun(): Promise<TestAccess> {
  const access = await gradlens();
  await vscode.commands.executeCommand("gradlens.followRun", examplePath());
  await eventually("step 400 of the example", () => access.store.get(examplePath())?.first("globalNorm")?.valueAt(400));
  return access;
}

/** Opens a file that is written into the opened folder. */
export async function openWritten(file: string, text: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(writeSource(file, text));
}

/** Writes a file into the opened folder. */
export function writeSource(file: string, text: string): vscode.Uri {
  const path = examplePath(...file.split("/"));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return vscode.Uri.file(path);
}

/** Changes a setting for the time of some work. */
export async function withSetting(name: string, value: unknown, work: () => Promise<void>): Promise<void> {
  const target = vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration("gradlens").update(name, value, target);
  try {
    await work();
  } finally {
    await vscode.workspace.getConfiguration("gradlens").update(name, undefined, target);
  }
}

/** What our hovers at a position say, as Markdown without a picture's data and without escapes. */
export async function hoversAt(document: vscode.TextDocument, position: vscode.Position): Promise<string[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .filter((markdown) => /[Gg]radient norm|Weight norm|can be meant here/.test(markdown))
    .map((markdown) => markdown.replace(/base64,[^"]*/, "base64,…").replaceAll(/\\(?=[^a-z0-9\s])/gi, ""));
}
