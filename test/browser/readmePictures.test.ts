import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** The pictures of README and docs, in the order in which they are taken. `npm run pictures:readme` puts them there. */
const PICTURES = join(import.meta.dirname, "../../.workbench/readmePictures");
const TALL = { width: 1120, height: 876 };
const WIDE = { width: 1120, height: 716 };
const LOW = { width: 1120, height: 600 };
const QUALITY = 0.86;
const MAX_BYTES = 190_000;

let workbench: Workbench;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  workbench = await openWorkbench({
    size: TALL,
    scale: 1.6,
    settings: {
      "window.commandCenter": false,
      "workbench.layoutControl.enabled": false,
      "editor.minimap.enabled": false,
      "editor.hover.above": false, // Above would hide the lens.
    },
  });
  await workbench.setTheme("dark");
});
afterAll(() => workbench?.close());

const root = (): Locator => workbench.webview().locator("#root");

test("dashboard: the spike of the example, by name", async () => {
  await workbench.runCommand("Gradlens: Open Dashboard");
  await workbench.webview().locator("#root[data-points='400'][data-last-step='400']").waitFor();
  await expectText(/jumped to 10\.58 at step 241, 15\.83× the recent median/);
  await workbench.runCommand("View: Close Primary Side Bar");
  await expectText(/weights moved by .* of their norm/);
  await take("dashboard", workbench.page.locator(".monaco-workbench"));
});

test("tensors: who caused it, by layer and step", async () => {
  await workbench.page.setViewportSize(WIDE);
  await root().locator("button.finding").filter({ hasText: "jumped" }).first().click();
  await root().getByRole("tab", { name: "Tensors" }).click();
  await expectText("Top movers at step 241");
  await take("tensors");
});

test("clipping: what thresholds would have cut", async () => {
  await root().getByRole("tab", { name: "Clipping" }).click();
  await expectText(/Would have clipped the largest tenth/);
  await take("clipping");
});

test("checkpoint: its tensors and their norms", async () => {
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.chooseRow("checkpoint-241/grads");
  await expectText("wte.weight");
  await expectText(/10\.58/);
  await workbench.runCommand("View: Close Primary Side Bar");
  await take("checkpoint");
});

test("source: what the run says of a parameter and of the threshold", async () => {
  await workbench.openFile("train.py");
  await workbench.page.setViewportSize(LOW);
  await workbench.goToLine(180);
  await workbench.page
    .getByText(/would clip/)
    .filter({ visible: true })
    .first()
    .waitFor();
  const hover = await workbench.hover("c_proj", /Gradient norm/);
  await hover.locator("img").first().waitFor();
  await take("source");
});

test("diverged: NaN in their gutter, and the tensors they began in", async () => {
  await workbench.page.setViewportSize(WIDE);
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.chooseRow(/^diverged/);
  await workbench.webview().locator("#root[data-points='60'][data-last-step='60']").waitFor();
  await root().getByRole("tab", { name: "Timeline" }).click();
  await expectText(/became NaN at step 26/);
  await expectText(/in 14 of 41 tensors/);
  await workbench.runCommand("View: Close Primary Side Bar");
  await take("diverged");
});

async function expectText(text: string | RegExp): Promise<void> {
  await root().getByText(text).first().waitFor();
}

/** The editor's part of the window, unless said otherwise. */
async function take(name: string, part: Locator = workbench.page.locator(".part.editor")): Promise<void> {
  await workbench.page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))");
  const picture = await asWebp(workbench.page, await part.screenshot());
  writeFileSync(join(PICTURES, `${name}.webp`), picture);
  expect(picture.length).toBeLessThan(MAX_BYTES);
}

/** WebP has a third of a screenshot's bytes in PNG; the browser that took it encodes it. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const encoder = await page.context().browser()?.newPage();
  if (encoder === undefined) {
    throw new Error("The page has no browser of its own.");
  }
  const url = await encoder.evaluate(`(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${png.toString("base64")}";
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext("2d").drawImage(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/webp", quality: ${QUALITY} });
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.readAsDataURL(blob);
    });
  })()`);
  await encoder.close();
  return Buffer.from(String(url).replace(/^.*,/, ""), "base64");
}
