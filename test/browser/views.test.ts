import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

let workbench: Workbench | undefined;

afterEach(async () => {
  await workbench?.close();
  workbench = undefined;
});

test.each(["dark", "light"] as const)("the views list runs, tensors and findings, in a %s theme", async (theme) => {
  workbench = await openWorkbench();
  await workbench.setTheme(theme);
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("‖g‖ 10.58");
  await workbench.runCommand("Gradlens: Focus on Findings View");
  await workbench.waitForText("GN201 · step 241 · char-transformer");
  const badge = workbench.page.locator(".activitybar .action-item", { has: workbench.page.getByLabel(/^Gradlens/) });
  await expect.poll(() => badge.locator(".badge-content").innerText()).toBe("1");
  await workbench.runCommand("Gradlens: Focus on Tensors View");
  await workbench.waitForText("lm_head.weight");
  await workbench.runCommand("Gradlens: Sort Tensors by Norm and Share");
  await workbench.page.getByText("transformer", { exact: true }).first().click();
  await workbench.waitForText("wte.weight");
  await workbench.screenshot(`views-${theme}`);
});

test("a tensor is found by its name", async () => {
  workbench = await openWorkbench();
  await workbench.runCommand("Gradlens: Focus on Tensors View");
  await workbench.waitForText("lm_head.weight");
  await workbench.openList("Gradlens: Find Tensor…");
  await workbench.page.keyboard.type("h.1.mlp.c_proj.weight");
  await workbench.page.keyboard.press("Enter");
  const selected = workbench.page.locator(".pane-body .monaco-list-row.selected", { hasText: "weight" });
  await selected.first().waitFor();
  await workbench.waitForText("c_proj"); // Its module was opened.
  const dashboard = workbench.webview();
  await dashboard.getByRole("heading", { name: "transformer.h.1.mlp.c_proj.weight" }).waitFor();
  const place = Number(await selected.first().getAttribute("data-index"));
  await selected
    .first()
    .locator(`xpath=../*[@data-index="${place + 1}"]`)
    .click();
  await dashboard.getByRole("heading", { name: "transformer.h.1.mlp.c_proj.bias" }).waitFor();
  await workbench.screenshot("findTensor");
});

test("a finding in the view opens its log line, and a step that is asked for its own", async () => {
  workbench = await openWorkbench();
  await workbench.runCommand("Gradlens: Focus on Findings View");
  await workbench.page.getByText("GN201 · step 241 · char-transformer").first().click();
  await workbench.waitForText(/Ln 242/);
  await workbench.openList("Gradlens: Reveal Step in Log…");
  await workbench.page.keyboard.type("100");
  await workbench.page.keyboard.press("Enter");
  await workbench.waitForText(/Ln 101/);
});

test("a folder without runs offers what can be done", async () => {
  const empty = mkdtempSync(join(tmpdir(), "gradlens-empty-"));
  try {
    workbench = await openWorkbench({ folder: empty });
    await workbench.runCommand("Gradlens: Focus on Runs View");
    await workbench.waitForText("No training run was found in the open folders.");
    await workbench.screenshot("welcome");
    await workbench.page.getByRole("button", { name: "Open Sample Run" }).first().click();
    await workbench.waitForText("‖g‖ 1.131");
  } finally {
    rmSync(empty, { recursive: true });
  }
});
