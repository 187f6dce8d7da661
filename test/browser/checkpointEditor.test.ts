import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { trainingCheckpoint } from "../support/trainingCheckpoint.ts";
import { aim, answerList } from "./choices.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const scratch = mkdtempSync(join(tmpdir(), "gradlens-editor-"));
/** A tebibyte: to read it all would take minutes. */
const GIBIBYTES = 1024;
const HEADER_MS = 500;

let workbench: Workbench;

beforeAll(async () => {
  cpSync(join(import.meta.dirname, "../../examples/char-transformer"), scratch, { recursive: true });
  writeFileSync(join(scratch, "small.pt"), trainingCheckpoint());
  cpSync(join(scratch, "checkpoint-241/grads.safetensors"), join(scratch, "small.safetensors"));
  workbench = await openWorkbench({ folder: scratch });
  await writeSparseCheckpoint(join(workbench.folder, "large.safetensors"), GIBIBYTES); // A copy would fill it.
});
afterAll(async () => {
  await workbench?.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** Milliseconds from the key that opens a checkpoint until its header is on the page. */
async function headerShownAfter(name: string): Promise<number> {
  const { page } = workbench;
  await aim(page, { text: name, label: name });
  await page.keyboard.press("Enter");
  await page.locator(".tab.active", { hasText: name }).waitFor();
  const root = workbench.webview().locator("#root[data-indexed-at]");
  await root.getByText(name).first().waitFor();
  return Number(await root.getAttribute("data-indexed-at")) - Number(await page.evaluate("globalThis.openedAt"));
}

test("the header of a tebibyte is on the page as soon as that of a small checkpoint", async () => {
  await workbench.openFile("checkpoint-241/grads.safetensors");
  await workbench.webview().locator("#root[data-finished]").waitFor(); // The worker runs.
  await workbench.page.evaluate(`globalThis.openedAt = 0;
    document.addEventListener("keydown", (event) => { if (event.key === "Enter") { globalThis.openedAt = Date.now(); } }, true);`);
  const times = { small: Infinity, large: Infinity };
  for (const name of ["small", "large", "small", "large"] as const) {
    times[name] = Math.min(times[name], await headerShownAfter(`${name}.safetensors`));
    await workbench.screenshot(`checkpoint-header-${name}`);
    await workbench.runCommand("View: Close Editor");
  }
  process.stdout.write(
    `header of 1.1 TB in the editor after ${times.large} ms, of a small checkpoint after ${times.small} ms\n`,
  );
  expect(times.large).toBeLessThan(2 * HEADER_MS + 2 * times.small); // Half a second on a machine that does nothing else.
});

test("what was computed is there at once when the file is opened again, until it changes", async () => {
  await workbench.chooseInExplorer("small.pt", "Gradlens: Inspect Checkpoint");
  const root = workbench.webview().locator("#root");
  const said = (text: RegExp): Locator => root.locator(".progress-message", { hasText: text });
  await said(/^[\d.]+ k?B in |^Computed before/).waitFor(); // The background may have been faster.
  await workbench.runCommand("View: Close Editor");
  await workbench.chooseInExplorer("small.pt", "Gradlens: Inspect Checkpoint");
  await said(/^Computed before; the files have not changed since/).waitFor();
  appendFileSync(join(workbench.folder, "small.pt"), "more");
  await root.getByRole("alert").waitFor();
  await workbench.screenshot("checkpoint-changed");
  writeFileSync(join(workbench.folder, "small.pt"), trainingCheckpoint([{ name: "again.weight", size: [7] }]));
  await root.getByRole("button", { name: /^Reload/ }).click();
  await root.getByText("2.646").first().waitFor(); // √7
  await workbench.runCommand("View: Close Editor");
});

test("a checkpoint is compared with one of the run's", async () => {
  const { page } = workbench;
  await workbench.openList("Gradlens: Inspect Checkpoint…");
  await answerList(page, "checkpoint-400/model");
  const root = workbench.webview().locator("#root");
  await root.getByRole("tab", { name: "Compare" }).click();
  await root.getByRole("button", { name: "Choose a checkpoint to compare with" }).click();
  await answerList(page, "checkpoint-200/model");
  await root.getByText("200, by their names").waitFor();
  await workbench.screenshot("checkpoint-compared");
});

test("on the timeline a save says how large its norms are and how far its weights moved, and opens with all its files", async () => {
  await workbench.runCommand("Gradlens: Open Dashboard");
  const frame = workbench.webview();
  const mark = frame.getByRole("button", {
    name: /Checkpoint of step 400, 2 files.*weights moved by [\d.]+ of their norm since step 241/,
  });
  await mark.waitFor();
  await mark.focus();
  await frame.getByText(/^Checkpoint of step 400, 2 files.*gradient norm/).waitFor();
  await workbench.screenshot("timeline-saves");
  await mark.click();
  await workbench.page.locator(".tab.active", { hasText: "checkpoint-400" }).waitFor();
  await workbench.webview().getByText("Global gradient norm").waitFor();
});

async function placeOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await target.boundingBox();
  return box ?? { x: 0, y: 0 };
}

test("a checkpoint that is dragged from the Explorer onto another one is compared with it", async () => {
  const { page } = workbench;
  await workbench.runCommand("File: Focus on Files Explorer");
  const row = page.locator(".explorer-folders-view .monaco-list-row", { hasText: "small.pt" });
  const root = workbench.webview().locator("#root");
  await root.getByRole("tab", { name: "Compare" }).click();
  const [from, to] = [await placeOf(row), await placeOf(root)];
  await page.mouse.move(from.x + 60, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(to.x + 300, to.y + 380, { steps: 4 });
  await page.keyboard.down("Shift"); // VS Code gives the drag to the page.
  const target = root.locator(".drop-target.is-dropped-on"); // Once a move has come to it.
  await expect
    .poll(async () => {
      await page.mouse.move(to.x + 320, to.y + 400, { steps: 6 });
      return target.count();
    })
    .toBe(1);
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await root.getByText("char-transformer/small.pt").waitFor();
  await workbench.screenshot("checkpoint-dropped");
});
