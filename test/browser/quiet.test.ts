import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openWorkbench } from "./workbench.ts";

test("in a folder without a training it does not start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-other-"));
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src", "main.ts"), "export const clip_grad_norm_ = 1;\n");
  writeFileSync(join(folder, "README.md"), "# Another project\n");
  const workbench = await openWorkbench({ folder });
  try {
    await workbench.openFile("main.ts");
    await workbench.runCommand("Developer: Show Running Extensions");
    const running = workbench.page.locator(".runtime-extensions-editor");
    await running
      .getByText(/TypeScript/)
      .first()
      .waitFor();
    expect(await running.getByText(/gradlens/i).count()).toBe(0);
  } finally {
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("without trust it shows what logs say, and computes nothing on its own, whatever the folder's settings want", async () => {
  const workbench = await openWorkbench({
    settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
  });
  try {
    mkdirSync(join(workbench.folder, ".vscode"));
    writeFileSync(join(workbench.folder, ".vscode", "settings.json"), '{ "gradlens.compute.autoCheckpoints": "full" }');
    await workbench.waitForText("Restricted Mode");
    await workbench.openFile("train.py");
    await workbench.goToLine(180);
    await workbench.hover("c_proj", /Gradient norm/);
    await workbench.runCommand("Gradlens: Focus on Runs View");
    await workbench.waitForText("checkpoint-241/grads");
    expect(await workbench.page.getByText(/‖w‖|‖g‖ 10\.58/).count()).toBe(0);
    await workbench.screenshot("restricted");
  } finally {
    await workbench.close();
  }
});
