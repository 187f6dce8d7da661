import { afterAll, beforeAll, expect, test } from "vitest";
import { clickAtOnce } from "./choices.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** What these tests, compiled without the browser's types, know of an image: 0 until it is decoded. */
interface Picture {
  readonly naturalWidth: number;
}

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench?.close());

test("what starts by itself shows a status item and a badge, and opens, focuses and tells nothing", async () => {
  const { page } = workbench;
  await page.locator(".statusbar-item").filter({ hasText: "‖g‖ 1.131" }).waitFor();
  const item = page.locator(".activitybar .action-item", { has: page.getByLabel(/^Gradlens/) });
  await item.locator(".badge-content", { hasText: /^1$/ }).waitFor();
  expect(await page.locator(".editor-group-container .tab").count()).toBe(0);
  expect(await page.locator(".sidebar .composite.title h2").first().innerText()).toMatch(/explorer/i);
  expect(await page.locator(".part.panel:visible").count()).toBe(0);
  expect(await workbench.notifications()).toEqual([]);
});

test("the example run opens in a window that says it tests an extension, and nothing complains", async () => {
  await workbench.openFile("train.py");
  expect(await workbench.page.title()).toContain("Extension Development Host");
  await workbench.screenshot("open");
  expect((await workbench.notifications()).filter((text) => text.startsWith("error"))).toEqual([]);
});

test("a hover on a parameter in the training script draws its sparkline", async () => {
  await workbench.setTheme("dark");
  await workbench.goToLine(180);
  const hover = await workbench.hover("c_proj", /Gradient norm/);
  const picture = hover.locator("img").first();
  await picture.waitFor();
  const drawnWidth = (): Promise<number> => picture.evaluate((image) => (image as unknown as Picture).naturalWidth);
  await expect.poll(drawnWidth).toBe(240);
  await workbench.screenshot("hover");
});

test("its link opens the dashboard on the tensor, with the tensor's own line", async () => {
  const hover = await workbench.hover("c_proj", /Gradient norm/);
  await hover.getByText("Open Dashboard").click();
  const dashboard = workbench.webview();
  await dashboard.getByRole("heading", { name: /^transformer\.h\.\d\.attn\.c_proj\.\w+$/ }).waitFor();
  expect(await dashboard.getByRole("tab", { name: "Tensors" }).getAttribute("aria-selected")).toBe("true");
  await workbench.screenshot("hoverToTensor");
  await workbench.openFile("train.py");
});

test("the Problems list shows the spike, and choosing it opens its log line", async () => {
  await workbench.runCommand("Problems: Focus on Problems View");
  await workbench.waitForText(/Gradient norm jumped to 10\.58 at step 241/);
  const rows = workbench.page.locator(".markers-panel .monaco-list-row");
  await clickAtOnce(rows.filter({ hasText: "Gradient norm jumped to 10.58" }));
  await workbench.page.locator(".tab.active").filter({ hasText: "metrics.jsonl" }).waitFor();
  await workbench.waitForText(/Ln 242/);
  await workbench.screenshot("problems");
});

test("the Runs view lists both runs, with the norms of the followed one's checkpoints", async () => {
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("checkpoint-241/grads");
  await workbench.waitForText("‖g‖ 10.58");
  await workbench.waitForText("diverged");
  await workbench.screenshot("runs");
});
