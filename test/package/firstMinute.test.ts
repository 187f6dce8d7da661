import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type manifest from "../../package.json";
import { answerList } from "../browser/choices.ts";
import { openWorkbench, type Workbench } from "../browser/workbench.ts";
import { readManifest } from "../support/manifest.ts";
import { vsixPath } from "./packages.ts";

/** With the desktop's question for trust it is one more. */
const MAX_ACTIONS = 2;
const STEPS = (readManifest() as typeof manifest).contributes.walkthroughs.flatMap(({ steps }) => steps);

let workbench: Workbench;
let actions = 0;

/** A window as it is after installing, with nothing set; the folder is not trusted yet, for which the desktop asks first. */
beforeAll(async () => {
  const settings = { "security.workspace.trust.enabled": true, "workbench.startupEditor": "welcomePage" };
  workbench = await openWorkbench({ vsix: vsixPath("others"), settings });
});
afterAll(() => workbench?.close());

test("from opening the folder to seeing the spike named it takes at most three actions", async () => {
  const { page } = workbench;
  await workbench.waitForText("Restricted Mode");
  await act(page.locator(".statusbar-item", { hasText: "‖g‖" }));
  await workbench
    .webview()
    .getByText(/jumped to 10\.58 at step 241/)
    .first()
    .waitFor();
  process.stdout.write(`the spike is named after ${actions} actions\n`);
  expect(actions).toBeLessThanOrEqual(MAX_ACTIONS);
  await workbench.screenshot("first-minute");
});

test("the walkthrough has a picture for every step, and its first button opens the sample run", async () => {
  const { page } = workbench;
  await workbench.runCommand("View: Close All Editors");
  await workbench.openList("Welcome: Open Walkthrough...");
  await answerList(page, "Get Started with Gradlens");
  expect(STEPS).toHaveLength(6);
  const step = (title = ""): Locator => page.locator(".getting-started-step .step-title", { hasText: title });
  for (const { title, media } of STEPS) {
    await step(title).click();
    const picture = `.getting-started-media img[alt="${media.altText}"]`;
    await page.locator(picture).waitFor();
    await page.waitForFunction(`document.querySelector(${JSON.stringify(picture)}).naturalWidth > 100`);
  }
  await step(STEPS[0]?.title).click();
  await workbench.screenshot("walkthrough");
  await page.getByRole("button", { name: "Open Sample Run" }).click();
  await workbench.webview().locator("#root[data-points='400'][data-last-step='400']").waitFor();
});

async function act(on: Locator): Promise<void> {
  await on.click();
  actions += 1;
}
