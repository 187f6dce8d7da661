import { afterAll, beforeAll, test } from "vitest";
import { answerList } from "./choices.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench?.close());

test("the views list runs, tensors and findings, in a dark and a light theme", async () => {
  await workbench.setTheme("dark");
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("‖g‖ 10.58");
  await workbench.runCommand("Gradlens: Focus on Findings View");
  await workbench.waitForText("step 241 · char-transformer · GN201");
  const badge = workbench.page.locator(".activitybar .action-item", { has: workbench.page.getByLabel(/^Gradlens/) });
  await badge.locator(".badge-content", { hasText: /^1$/ }).waitFor();
  await workbench.runCommand("Gradlens: Focus on Tensors View");
  await workbench.waitForText("lm_head.weight");
  await workbench.runCommand("Gradlens: Sort Tensors by Norm and Share");
  await workbench.chooseRow(/^transformer/);
  await workbench.waitForText("wte.weight");
  await workbench.screenshot("views-dark");
  await workbench.setTheme("light");
  await workbench.screenshot("views-light");
});

test("a tensor is found by its name", async () => {
  await workbench.runCommand("Gradlens: Sort Tensors in Model Order");
  await workbench.openList("Gradlens: Find Tensor…");
  await answerList(workbench.page, "transformer.h.1.mlp.c_proj.weight");
  await workbench.page.locator(".pane-body .monaco-list-row.selected", { hasText: "weight" }).first().waitFor();
  await workbench.waitForText("c_proj"); // Its module was opened.
  const dashboard = workbench.webview();
  await dashboard.getByRole("heading", { name: "transformer.h.1.mlp.c_proj.weight" }).waitFor();
  await workbench.chooseRow(/^bias/); // No other module is open.
  await dashboard.getByRole("heading", { name: "transformer.h.1.mlp.c_proj.bias" }).waitFor();
  await workbench.screenshot("findTensor");
});

test("a finding in the view opens its log line, and a step that is asked for its own", async () => {
  await workbench.runCommand("Gradlens: Focus on Findings View");
  await workbench.chooseRow("step 241 · char-transformer · GN201");
  await workbench.waitForText(/Ln 242/);
  await workbench.openList("Gradlens: Reveal Step in Log…");
  const box = workbench.page.locator(".quick-input-widget:visible input.input");
  await box.fill("100");
  await box.press("Enter");
  await workbench.waitForText(/Ln 101/);
});
