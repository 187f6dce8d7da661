import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench?.close());

test("a threshold that clips 1 % is in the source after three clicks in the open dashboard, and one undo takes it back", async () => {
  await workbench.runCommand("Gradlens: Open Dashboard");
  const page = workbench.webview();
  await page.locator("#root[data-points='400']").waitFor();
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
});
