import { strict as assert } from "node:assert";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { gradlens } from "./gradlens.ts";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly category: string }[] };
}

suite("commands", () => {
  test("every command of the manifest is there, and no other", async () => {
    await gradlens();
    const extension = vscode.extensions.getExtension("gradlens.gradlens");
    const manifest = extension?.packageJSON as Manifest;
    const all = await vscode.commands.getCommands(true);
    const views = /^gradlens\.runs\.|^gradlens\.(checkpoint|dashboard)\b/; // VS Code makes some for each view.
    assert.deepEqual(
      all.filter((id) => id.startsWith("gradlens.") && !views.test(id)).toSorted(),
      manifest.contributes.commands.map(({ command }) => command).toSorted(),
    );
  });

  test("opening the dashboard opens one tab, and opening it again opens no second", async () => {
    await vscode.commands.executeCommand("gradlens.openDashboard");
    await vscode.commands.executeCommand("gradlens.openDashboard");
    const dashboards = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("gradlens.dashboard"));
    assert.equal(dashboards.length, 1);
  });
});
