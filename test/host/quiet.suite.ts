import { strict as assert } from "node:assert";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { processesBelow } from "../support/processes.ts";
import { eventually, exampleRun, gradlens } from "./gradlens.ts";

const ROOT = join(__dirname, "../.."); // From dist/test.
const MAX_BYTES = 300_000;
const START_MS = 30;

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly api?: string;
  readonly enabledApiProposals?: readonly string[];
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string };
    readonly virtualWorkspaces: { readonly supported: string };
  };
  readonly extensionKind: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>;
    readonly configuration: readonly { readonly properties: Readonly<Record<string, { readonly scope?: string }>> }[];
  };
}

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;

/** Of the children of a process those that run the worker. */
function workersOf(pid: number): readonly number[] {
  return processesBelow(pid)
    .filter(({ parent, command }) => parent === pid && command.includes("worker.cjs"))
    .map(({ id }) => id);
}

suite("quiet and light", () => {
  test("it activates by views, panels and folders of known names alone", () => {
    const literal = /^workspaceContains:[\w.]+$/;
    const others = manifest.activationEvents.filter((event) => !literal.test(event));
    assert.deepEqual(others, ["onWebviewPanel:gradlens.dashboard"]);
  });

  test("what starts with it has at most 300 KB, and the grammars are not in it", () => {
    const started = join(ROOT, "dist/extension.cjs");
    console.log(`measured: ${statSync(started).size} bytes start`);
    assert.ok(statSync(started).size <= MAX_BYTES);
    assert.doesNotMatch(readFileSync(started, "utf8"), /VariableName|AssignStatement/);
  });

  test("starting takes 30 ms of processor time, twice as much where others slow the machine down", async () => {
    const { activationMs } = await gradlens();
    console.log(`measured: start ${activationMs.toFixed(1)} ms of processor time`);
    assert.ok(activationMs <= 2 * START_MS, `${activationMs} ms`);
  });

  test("starting starts no process; later there is its worker alone, and onnxruntime is in that and not here", async () => {
    const { hasForked, worker } = await exampleRun();
    assert.equal(hasForked, false);
    await worker.request({ kind: "checkPatterns", customPatterns: [] }); // It may have ended, as it does when nobody asks.
    assert.deepEqual(workersOf(process.pid), [worker.processId()]);
    const { sharedObjects } = process.report.getReport() as { readonly sharedObjects: readonly string[] };
    assert.ok(sharedObjects.length > 0);
    assert.deepEqual(
      sharedObjects.filter((path) => path.includes("onnxruntime")),
      [],
    );
  });

  test("it uses no proposed API, and the types of the oldest VS Code that it accepts", () => {
    assert.equal(manifest.enabledApiProposals, undefined);
    assert.equal(manifest.engines.vscode.replace("^", "~"), manifest.devDependencies["@types/vscode"]);
  });

  test("it works where the files are, and says what it does without trust and on virtual file systems", () => {
    assert.deepEqual(
      [
        manifest.extensionKind,
        manifest.capabilities.untrustedWorkspaces.supported,
        manifest.capabilities.virtualWorkspaces.supported,
      ],
      [["workspace"], "limited", "limited"],
    );
  });

  test("commands that need an argument are not in the palette", () => {
    const hidden = (manifest.contributes.menus["commandPalette"] ?? [])
      .filter(({ when }) => when === "false")
      .map(({ command }) => command);
    for (const command of [
      "ignoreRule",
      "ignoreTensor",
      "revealStepInLog",
      "openTensor",
      "computeRunNorms",
      "unfollowRun",
    ]) {
      assert.ok(hidden.includes(`gradlens.${command}`), command);
    }
  });

  test("every setting says where it belongs", () => {
    const settings = manifest.contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
    assert.deepEqual(
      settings.filter(([, { scope }]) => scope === undefined).map(([name]) => name),
      [],
    );
  });

  test("commands for links do nothing with arguments that are none of theirs", async () => {
    await gradlens();
    const before = vscode.window.activeTextEditor?.document.uri.toString();
    for (const argument of [undefined, 7, "nowhere", { run: "/nowhere", step: 1 }, { run: 1, step: "x" }, null]) {
      for (const command of ["ignoreRule", "revealStepInLog", "openTensor", "computeRunNorms"]) {
        await vscode.commands.executeCommand(`gradlens.${command}`, argument);
      }
    }
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), before);
    assert.equal(vscode.workspace.getConfiguration("gradlens").inspect("rules.enabled")?.workspaceValue, undefined);
  });

  test("a rule's link opens its page", async () => {
    await gradlens();
    await vscode.commands.executeCommand("gradlens.openRule", "GN201");
    const tab = await eventually("a tab of rules.md", () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label.includes("rules.md")),
    );
    await vscode.window.tabGroups.close(tab);
  });
});
