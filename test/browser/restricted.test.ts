import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const OWN_LINES = Array.from({ length: 40 }, (_, step) => `it=${step} g=${1 + (step % 7) / 10}\n`).join("");
const PATTERN = String.raw`it=(?<step>\d+) g=(?<value>\S+)`;
/** Everything that a workspace may not decide before it is trusted, set by it. */
const WORKSPACE_SETTINGS = {
  "gradlens.compute.autoCheckpoints": "full",
  "gradlens.parsing.customPatterns": [PATTERN],
  "gradlens.terminal.capture": "matching",
  "gradlens.terminal.commandPattern": ".",
};
let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench({
    size: { width: 1440, height: 1800 }, // Rows out of sight are not in the page: this has room for all.
    settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
    prepare(folder) {
      mkdirSync(join(folder, ".vscode"));
      writeFileSync(join(folder, ".vscode/settings.json"), JSON.stringify(WORKSPACE_SETTINGS));
      mkdirSync(join(folder, "own"));
      writeFileSync(join(folder, "own/train.txt"), OWN_LINES);
      mkdirSync(join(folder, "linked"));
      writeFileSync(join(dirname(folder), "outside.jsonl"), '{"step":1,"grad_norm":1}\n');
      symlinkSync(join(dirname(folder), "outside.jsonl"), join(folder, "linked/metrics.jsonl"));
      // Above the workspace: what is outside may not say anything yet.
      writeFileSync(join(dirname(folder), "gradlens.config.json"), JSON.stringify({ rules: { GN201: false } }));
    },
  });
  await workbench.waitForText("Restricted Mode");
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("checkpoint-241/grads");
});
afterAll(() => workbench?.close());

test("the folder's own patterns and its wish to compute are not heard, and nothing above the folder is read", async () => {
  await workbench.runCommand("Gradlens: Refresh Runs");
  await workbench.runCommand("Gradlens: Focus on Findings View");
  await workbench.waitForText("step 241 · char-transformer · GN201");
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.row("diverged").waitFor(); // The last one: nothing is below the fold.
  expect([await workbench.row("own").count(), await workbench.row("linked").count()]).toEqual([0, 0]);
  expect(await workbench.page.getByText(/‖w‖|‖g‖ 10\.58/).count()).toBe(0);
});

test("what the logs say of a parameter is told all the same", async () => {
  await workbench.openFile("train.py");
  await workbench.goToLine(180);
  await workbench.hover("c_proj", /Gradient norm/);
  await workbench.runCommand("View: Close All Editors");
});

test("a terminal has to wait for trust, so nothing of one can be captured", async () => {
  await workbench.runCommand("Terminal: Create New Terminal");
  await workbench.page.locator(".monaco-dialog-box").getByText(/trust/i).first().waitFor();
  await workbench.page.keyboard.press("Escape");
  await workbench.page.locator(".monaco-dialog-box").waitFor({ state: "hidden" });
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("checkpoint-241/grads");
  expect(await workbench.row("terminal").count()).toBe(0);
});

test("with trust all of it is heard at once", async () => {
  await workbench.runCommand("Workspaces: Manage Workspace Trust");
  await workbench.page
    .getByRole("button", { name: /^Trust$/ })
    .first()
    .click();
  await workbench.page.getByText("You trust this folder").waitFor();
  await workbench.runCommand("View: Close All Editors");
  await workbench.page.getByText("You trust this folder").waitFor({ state: "hidden" });
  await workbench.runCommand("Gradlens: Focus on Findings View");
  await workbench.waitForText("The followed runs have no findings."); // Nor is the view empty only because it still opens.
  await workbench.runCommand("Gradlens: Refresh Runs");
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("‖g‖ 10.58");
  await workbench.row("linked").waitFor();
  await workbench.row("own").waitFor();
  await workbench.screenshot("restrictedTrusted");
});
