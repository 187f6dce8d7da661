import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { clickAtOnce } from "./choices.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

let workbench: Workbench | undefined;
const folders: string[] = [];

afterEach(async () => {
  await workbench?.close();
  workbench = undefined;
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
});

function folderWith(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-attention-"));
  folders.push(folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return folder;
}

/** Norms around 1, and NaN from a step on. */
function logOf(first: number, last: number, broken = Infinity): string {
  const steps = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return steps
    .map((step) => `{"step":${step},"grad_norm":${step >= broken ? "NaN" : 1 + (step % 7) / 100}}\n`)
    .join("");
}

function statusItem({ page }: Workbench): Locator {
  return page.locator(".statusbar-item").filter({ hasText: "‖g‖" });
}

async function showsBadge({ page }: Workbench, count: string): Promise<void> {
  const item = page.locator(".activitybar .action-item", { has: page.getByLabel(/^Gradlens/) });
  await item.locator(".badge-content").filter({ hasText: count }).waitFor();
}

test("a folder without runs offers what can be done; the status item then comes, goes with the setting, and has no colours", async () => {
  workbench = await openWorkbench({ folder: folderWith("notes.txt", "nothing of interest\n") });
  const item = statusItem(workbench);
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("No training run was found in the open folders.");
  expect(await item.count()).toBe(0);
  await workbench.screenshot("welcome");
  await workbench.page.getByRole("button", { name: "Open Sample Run" }).first().click();
  await item.waitFor();
  expect(await item.evaluate((element) => (element as unknown as { style: { cssText: string } }).style.cssText)).toBe(
    "",
  );
  workbench.setSettings({ "gradlens.statusBar.enabled": false });
  await item.waitFor({ state: "hidden" });
  workbench.setSettings({ "gradlens.statusBar.enabled": true });
  await item.waitFor();
  const row = workbench.row("‖g‖ 1.131");
  await row.hover();
  await clickAtOnce(row.getByRole("button", { name: "Stop Following Run" }));
  await item.waitFor({ state: "hidden" });
});

test("a run that was NaN when it was found has its badge and no more", async () => {
  workbench = await openWorkbench({ folder: folderWith("metrics.jsonl", logOf(1, 120, 100)) });
  await showsBadge(workbench, "1");
  await workbench.runCommand("Gradlens: Focus on Findings View");
  await workbench.waitForText(/since step 100 · .*GN101/);
  expect(await workbench.notifications()).toEqual([]);
});

test("a run that turns NaN while people work is told of once, and how to be told no more", async () => {
  const opened = await openWorkbench({ folder: folderWith("metrics.jsonl", logOf(1, 120)) });
  workbench = opened;
  await statusItem(opened).waitFor();
  const { page, folder } = opened;
  const log = join(folder, "metrics.jsonl");
  const sinceMs = Date.now();
  // What a log says in its first seconds is no news.
  await expect.poll(() => Date.now() - sinceMs, { interval: 500 }).toBeGreaterThan(5000);
  appendFileSync(log, logOf(121, 130, 125));
  await showsBadge(opened, "1");
  appendFileSync(log, `${logOf(131, 160)}${logOf(161, 165, 161)}{"step":166,"grad_norm":1.09}\n`);
  await statusItem(opened).filter({ hasText: "‖g‖ 1.09" }).waitFor();
  const told = expect.stringMatching(/^warning: char-transformer: Gradient norm became NaN at step 125/) as string;
  await expect.poll(() => opened.notifications()).toEqual([told]);
  await opened.runCommand("Notifications: Show Notifications");
  await page.locator(".notifications-center.visible").waitFor();
  await page.locator(".notification-list-item").hover();
  await page.getByRole("button", { name: "Don't Show Again" }).waitFor();
});
