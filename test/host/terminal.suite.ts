import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { suite, suiteTeardown, test } from "mocha";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { eventually, examplePath, gradlens } from "./gradlens.ts";

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("gradlens.terminal");

async function set(capture: string | undefined, pattern: string | undefined): Promise<void> {
  await settings().update("capture", capture, vscode.ConfigurationTarget.Global);
  await settings().update("commandPattern", pattern, vscode.ConfigurationTarget.Global);
}

/** A shell that tells VS Code of its commands. */
async function openShell(): Promise<{ terminal: vscode.Terminal; shell: vscode.TerminalShellIntegration }> {
  const options = { name: "training", cwd: examplePath(), shellPath: "/bin/bash", env: { HISTFILE: null } };
  const terminal = vscode.window.createTerminal(options);
  terminal.show();
  return { terminal, shell: await eventually("shell integration", () => terminal.shellIntegration) };
}

/** Runs a script that prints nanoGPT's lines, a few at a time, and waits for its end. */
async function train(shell: vscode.TerminalShellIntegration, script: string): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    const listener = vscode.window.onDidEndTerminalShellExecution(({ execution }) => {
      if (execution.commandLine.value.includes(script)) {
        listener.dispose();
        resolve();
      }
    });
  });
  shell.executeCommand(`sh ./${script}`);
  await ended;
}

function writeScript(name: string, lines: string): void {
  const print = `printf "iter %d: loss 2.5, grad_norm 1.%d, time 20.00ms, mfu 3.00%%\\n" "$i" "$i"`;
  writeFileSync(`${examplePath()}/${name}`, `${lines}\nfor i in 0 1 2 3 4 5; do ${print}; sleep 0.2; done\n`);
}

function capturedRuns(store: RunStore): readonly Run[] {
  return store.runs().filter(({ id }) => id.startsWith("terminal"));
}

suite("terminal capture", () => {
  suiteTeardown(async () => {
    await set(undefined, undefined);
    vscode.window.terminals.forEach((terminal) => terminal.dispose());
  });

  test("reads nothing until it is asked for", async () => {
    const { store } = await gradlens();
    assert.equal(settings().get("capture"), "off");
    writeScript("quietTraining.sh", "");
    await set(undefined, "Training");
    const { terminal, shell } = await openShell();
    await train(shell, "quietTraining.sh");
    assert.deepEqual(capturedRuns(store), []);
    terminal.dispose();
  });

  test("follows what a matching command prints, as a run that is let go like any other", async () => {
    const { store } = await gradlens();
    writeScript("loudTraining.sh", 'printf "\\033[1mloading\\033[0m\\n"');
    await set("matching", "loudTraining");
    const { terminal, shell } = await openShell();
    await train(shell, "loudTraining.sh");
    const run = await eventually("six norms from the terminal", () =>
      capturedRuns(store).find((one) => one.first("globalNorm")?.length() === 6),
    );
    assert.match(run.id, /^terminal \d+: sh loudTraining\.sh$/);
    assert.deepEqual([...(run.first("globalNorm")?.values() ?? [])], [1, 1.1, 1.2, 1.3, 1.4, 1.5]);
    assert.deepEqual([...(run.first("globalNorm")?.steps() ?? [])], [0, 1, 2, 3, 4, 5]);
    await vscode.commands.executeCommand("gradlens.unfollowRun", run.id);
    assert.deepEqual(capturedRuns(store), []);
    terminal.dispose();
  });

  test("leaves other commands alone", async () => {
    const { store } = await gradlens();
    writeScript("otherTraining.sh", "");
    const { terminal, shell } = await openShell();
    await train(shell, "otherTraining.sh");
    assert.deepEqual(capturedRuns(store), []);
    terminal.dispose();
  });
});
