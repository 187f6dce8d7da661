import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench?.close());

test("the dashboard shows every step of the example and names the spike", async () => {
  await workbench.setTheme("dark");
  await workbench.runCommand("Gradlens: Open Dashboard");
  const root = workbench.webview().locator("#root");
  await workbench.webview().locator("#root[data-points='400'][data-last-step='400']").waitFor();
  await root
    .getByText(/jumped to 10\.58 at step 241/)
    .first()
    .waitFor();
  await workbench.webview().locator("canvas").first().waitFor();
  await root.locator("tbody tr").nth(10).waitFor();
  await workbench.screenshot("dashboard-dark");
});

test("the tab of tensors names who made the spike, and a click on its name shows its own line", async () => {
  const root = workbench.webview().locator("#root");
  await root.locator("button.finding").filter({ hasText: "jumped to 10.58" }).first().click();
  await root.getByRole("tab", { name: "Tensors" }).click();
  await root.getByText("Top movers at step 241").waitFor();
  const mover = root.locator(".movers button").first();
  const name = await mover.innerText();
  await mover.click();
  await root.locator(".layer-figure h2").filter({ hasText: name }).waitFor();
  await root.locator(".log-lines tr[aria-current]").getByText("metrics.jsonl:242").waitFor();
  await workbench.screenshot("dashboard-tensors");
  await root.getByRole("tab", { name: "Timeline" }).click();
});

test("a threshold that clips 1 % is in the source after three clicks in the open dashboard, and one undo takes it back", async () => {
  const page = workbench.webview();
  let clicks = 0;
  for (const button of [
    page.getByRole("tab", { name: "Clipping" }),
    page.getByRole("button", { name: "1 %", exact: true }),
    page.getByRole("button", { name: "Apply to Source" }),
  ]) {
    await button.click();
    clicks += 1;
  }
  expect(clicks).toBeLessThanOrEqual(3);
  await workbench.waitForText(/^MAX_GRAD_NORM\s*=\s*7\.32$/);
  await workbench.screenshot("clipping-applied");
  await workbench.page.locator(".editor-instance .monaco-editor.focused").waitFor(); // The text may be there before.
  await workbench.page.keyboard.press("ControlOrMeta+Z");
  await workbench.waitForText(/^MAX_GRAD_NORM\s*=\s*1\.0$/);
  await workbench.runCommand("Gradlens: Open Dashboard");
  await page.getByRole("tab", { name: "Timeline" }).click();
});

test("the dashboard follows the colour theme", async () => {
  for (const theme of ["light", "highContrastDark"] as const) {
    await workbench.setTheme(theme);
    await workbench
      .webview()
      .locator(`body.vscode-${theme === "light" ? "light" : "high-contrast"}`)
      .waitFor();
    await workbench.screenshot(`dashboard-${theme}`);
  }
  await workbench.setTheme("dark");
});

test("a line appended to the log is a point on the chart", async () => {
  const log = join(workbench.folder, "metrics.jsonl");
  const last = readFileSync(log, "utf8").trimEnd().split("\n").at(-1) ?? "";
  appendFileSync(log, `${last.replace('"step": 400', '"step": 401')}\n`);
  await workbench.webview().locator("#root[data-points='401'][data-last-step='401']").waitFor();
});

test("a log that is written anew is shown anew", async () => {
  const log = join(workbench.folder, "metrics.jsonl");
  const lines = readFileSync(log, "utf8").split("\n");
  writeFileSync(log, `${lines.slice(0, 51).join("\n")}\n`);
  await workbench.webview().locator("#root[data-points='50'][data-last-step='50']").waitFor();
});

test("a run that ends in NaN has its NaN in a gutter above the scale, and names the tensors", async () => {
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.chooseRow(/^diverged/);
  const root = workbench.webview().locator("#root[data-points='60'][data-last-step='60']");
  await root
    .getByText(/became NaN at step 26; 35 non-finite values so far/)
    .first()
    .waitFor();
  await root
    .getByText(/in 14 of 41 tensors/)
    .first()
    .waitFor();
  await workbench.screenshot("dashboard-diverged");
});

test("two followed runs are compared step by step", async () => {
  await workbench.webview().getByRole("tab", { name: "Compare" }).click();
  await workbench
    .webview()
    .getByText(/median of \d+ common steps/)
    .waitFor();
  await workbench.webview().locator(".facts-table").getByText("≠ differs").first().waitFor();
  await workbench.screenshot("dashboard-compare");
});

test("the menu of a point copies its step", async () => {
  await workbench.webview().getByRole("tab", { name: "Timeline" }).click();
  await workbench.webview().locator(".panel .u-over").first().click({ button: "right" });
  await workbench.page.getByRole("menuitem", { name: "Copy Step" }).waitFor();
  await workbench.page.keyboard.press("Escape");
});
