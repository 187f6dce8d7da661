import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { suite, suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, exampleRun, gradlens, hoversAt } from "./gradlens.ts";

const SCHEME = "gradlens-elsewhere";
const SENTENCE =
  "Gradlens reads logs and checkpoints from a disk only, in ranges, and this is in the virtual file system “gradlens-elsewhere”. Copy it into a folder first.";
const QUIET_MS = 1000;

let provider: vscode.Disposable;
/** What people were told, and what went into the log as a warning or an error. */
let told: string[];
let logged: string[];
let restore: () => void;

/** The example's files by the paths they have on the disk, under another scheme. */
function elsewhere(...parts: string[]): vscode.Uri {
  return vscode.Uri.file(examplePath(...parts)).with({ scheme: SCHEME });
}

function onDisk({ path }: vscode.Uri): vscode.Uri {
  return vscode.Uri.file(path);
}

function refuse(uri: vscode.Uri): never {
  throw vscode.FileSystemError.NoPermissions(uri);
}

function createProvider(): vscode.FileSystemProvider {
  return {
    onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: (uri) => vscode.workspace.fs.stat(onDisk(uri)),
    readDirectory: (uri) => vscode.workspace.fs.readDirectory(onDisk(uri)),
    readFile: ({ path }) => readFileSync(path),
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}

/** Hears what is said, which is shown all the same. */
function listen(target: object, name: string, heard: (text: string) => void): () => void {
  const methods = target as Record<string, (...args: unknown[]) => unknown>;
  const original = methods[name];
  assert.ok(original);
  methods[name] = (...args) => {
    heard(String(args[0]));
    return original.apply(target, args);
  };
  return () => {
    methods[name] = original;
  };
}

async function toldAfter(command: string, uri: vscode.Uri): Promise<void> {
  told.length = 0;
  // A message's promise waits for people to close it.
  void vscode.commands.executeCommand(command, uri);
  await eventually("a sentence", () => told[0]);
  await wait(QUIET_MS);
}

suite("files of a virtual file system", () => {
  suiteSetup(async () => {
    const { log } = await gradlens();
    await exampleRun();
    provider = vscode.workspace.registerFileSystemProvider(SCHEME, createProvider(), { isReadonly: true });
    told = [];
    logged = [];
    const tell = (text: string): number => told.push(text);
    const note = (text: string): number => logged.push(text);
    const fail = (error: unknown): number => logged.push(`unhandled: ${String(error)}`);
    process.on("unhandledRejection", fail);
    const kinds = ["showErrorMessage", "showWarningMessage", "showInformationMessage"];
    const listeners = [
      ...kinds.map((kind) => listen(vscode.window, kind, tell)),
      ...["error", "warn"].map((level) => listen(log, level, note)),
    ];
    restore = () => {
      process.off("unhandledRejection", fail);
      listeners.forEach((end) => end());
    };
  });
  suiteTeardown(async () => {
    restore();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    provider.dispose();
  });

  for (const { what, command, parts } of [
    { what: "following a folder", command: "gradlens.followRun", parts: [] },
    { what: "following a log", command: "gradlens.followRun", parts: ["metrics.jsonl"] },
    { what: "opening a folder's dashboard", command: "gradlens.openDashboard", parts: [] },
    { what: "computing on a cluster", command: "gradlens.computeOnCluster", parts: ["checkpoint-200"] },
  ]) {
    test(`${what} says in one sentence why not`, async () => {
      const { store } = await gradlens();
      const before = store.runs().map(({ id }) => id);
      await toldAfter(command, elsewhere(...parts));
      assert.deepEqual(told, [SENTENCE]);
      assert.deepEqual([store.runs().map(({ id }) => id), logged], [before, []]);
    });
  }

  for (const parts of [["checkpoint-200", "grads.safetensors"], ["checkpoint-200"]]) {
    test(`opening the checkpoint ${parts.join("/")} says in one sentence why not`, async () => {
      await toldAfter("gradlens.inspectResource", elsewhere(...parts));
      assert.deepEqual(told, [`${parts.at(-1)}: ${SENTENCE}`]);
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      assert.ok(input instanceof vscode.TabInputCustom);
      assert.deepEqual([input.uri.scheme, logged], [SCHEME, []]);
    });
  }

  test("documents are left alone: no hover, no lens, no finding and no word", async () => {
    told.length = 0;
    for (const name of ["metrics.jsonl", "train.py"]) {
      const document = await vscode.workspace.openTextDocument(elsewhere(name));
      await vscode.window.showTextDocument(document);
      const at = Math.max(0, document.getText().search(/grad_norm|transformer\.h/));
      assert.deepEqual(await hoversAt(document, document.positionAt(at + 13)), []);
      const lenses = await vscode.commands.executeCommand<unknown[]>("vscode.executeCodeLensProvider", document.uri);
      assert.deepEqual([lenses, vscode.languages.getDiagnostics(document.uri)], [[], []]);
    }
    await wait(QUIET_MS);
    assert.deepEqual([told, logged], [[], []]);
  });
});
