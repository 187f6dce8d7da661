import { strict as assert } from "node:assert";
import { homedir } from "node:os";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, exampleRun, gradlens } from "./gradlens.ts";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly category: string }[] };
}

suite("commands", () => {
  test("every command of the manifest is there, and no other", async () => {
    await gradlens();
    const extension = vscode.extensions.getExtension("gradlens.gradlens");
    const manifest = extension?.packageJSON as Manifest;
    const all = await vscode.commands.getCommands(true);
    const views = /^gradlens\.(runs|tensors|findings)\.|^gradlens\.(checkpoint|dashboard)\b/; // VS Code makes some for each view.
    assert.deepEqual(
      all.filter((id) => id.startsWith("gradlens.") && !views.test(id)).toSorted(),
      manifest.contributes.commands.map(({ command }) => command).toSorted(),
    );
  });

  test("the diagnostics report is an unsaved Markdown text of facts without folders", async () => {
    await exampleRun();
    const configuration = vscode.workspace.getConfiguration("gradlens");
    await configuration.update("statusBar.enabled", false, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand("gradlens.showDiagnostics");
    const { document } = vscode.window.activeTextEditor ?? {};
    const text = document?.getText() ?? "";
    await configuration.update("statusBar.enabled", undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    assert.deepEqual([document?.isUntitled, document?.languageId], [true, "markdown"]);
    for (const fact of [
      /^# Gradlens diagnostics report$/m,
      /^\| Gradlens \| \d+\.\d+\.\d+ \|$/m,
      /^\| Worker \| running \|$/m,
      /^`auto` takes \w+ on \w+.*\.$/m,
      /^\| simd \| cpu \| [\d.]+ [MG]B\/s \|$/m,
      /^\| gradlens.statusBar.enabled \| false \|$/m,
      /^\| \d \| .*jsonl.* \| 1 × GN201 spike \|$/m,
    ]) {
      assert.match(text, fact);
    }
    for (const place of [homedir(), examplePath(), "char-transformer", "127.0.0.1"]) {
      assert.ok(!text.includes(place), place);
    }
  });

  test("opening the dashboard opens one tab, and opening it again opens no second", async () => {
    await vscode.commands.executeCommand("gradlens.openDashboard");
    await eventually("the tab of the dashboard", () => (dashboards().length > 0 ? true : undefined)); // The window tells of it later.
    await vscode.commands.executeCommand("gradlens.openDashboard");
    assert.equal(dashboards().length, 1);
  });
});

function dashboards(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("gradlens.dashboard"));
}
