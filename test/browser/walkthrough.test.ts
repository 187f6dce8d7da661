import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** Where the walkthrough's pictures go: `npm run pictures:walkthrough` renews those that are packed, in the themes of all four kinds. */
const PACKED = join(import.meta.dirname, "../../media/walkthrough");
const isRenewing = process.env["GRADLENS_PICTURES"] === "renew";
const THEMES = { dark: "dark", light: "light", highContrastDark: "hcDark", highContrastLight: "hcLight" } as const;
const shown = Object.entries(THEMES).slice(0, isRenewing ? undefined : 1);

/** Wide enough for the findings beside the chart. The title bar, which names a test, is left out. */
const SIZE = { width: 960, height: 640 };
const TITLE_PIXELS = 36;
const WEBP_QUALITY = 0.8;

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench({ size: SIZE, settings: { "editor.minimap.enabled": false } });
});
afterAll(() => workbench?.close());

test("what the walkthrough's pictures show can be opened: the dashboard", async () => {
  await workbench.runCommand("View: Close Primary Side Bar");
  await workbench.runCommand("Gradlens: Open Dashboard");
  await workbench.webview().locator("#root[data-points='400'][data-last-step='400']").waitFor();
  await takePictures("dashboard");
});

test("the tab Clipping", async () => {
  await workbench.webview().getByRole("tab", { name: "Clipping" }).click();
  await workbench.webview().getByRole("button", { name: "Apply to Source" }).first().waitFor();
  await takePictures("clipping");
  await workbench.runCommand("View: Close All Editors");
});

test("a checkpoint", async () => {
  await workbench.openFile("grads.safetensors");
  await workbench.webview().locator("#root[data-finished]").waitFor();
  await takePictures("checkpoint");
  await workbench.runCommand("View: Close All Editors");
});

test("the view Runs", async () => {
  await workbench.openFile("metrics.jsonl");
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("checkpoint-200/grads");
  await takePictures("runs");
});

test("the view Findings with the log line of one", async () => {
  await workbench.runCommand("Gradlens: Focus on Findings View");
  await workbench.chooseRow(/step 241 · .*GN201/);
  await workbench.waitForText(/Ln 242/);
  await takePictures("findings");
  await workbench.runCommand("View: Close All Editors");
});

test("the settings", async () => {
  await workbench.runCommand("View: Close Primary Side Bar");
  await workbench.runCommand("Preferences: Open Settings (UI)");
  await workbench.page.locator(".settings-editor .search-container .monaco-editor.focused").waitFor();
  await workbench.page.keyboard.type("@ext:gradlens.gradlens");
  await workbench.page.locator(".setting-item-contents", { hasText: "Gradlens" }).first().waitFor();
  await takePictures("settings");
});

/** The pointer stays where it clicked last, and what then lies below it shows its tooltip, with a path. */
async function leaveAlone(): Promise<void> {
  const { page } = workbench;
  await page.mouse.move(SIZE.width * 0.75, TITLE_PIXELS / 2);
  await page.locator(".workbench-hover:visible").first().waitFor({ state: "detached" });
}

async function takePictures(name: string): Promise<void> {
  mkdirSync(PACKED, { recursive: true });
  await leaveAlone();
  const clip = { x: 0, y: TITLE_PIXELS, width: SIZE.width, height: SIZE.height - TITLE_PIXELS };
  for (const [theme, suffix] of shown) {
    await workbench.setTheme(theme as keyof typeof THEMES);
    await workbench.screenshot(`walkthrough-${name}-${suffix}`);
    if (isRenewing) {
      const picture = await toWebP(await workbench.page.screenshot({ clip }));
      writeFileSync(join(PACKED, `${name}-${suffix}.webp`), picture);
    }
  }
}

/** Half of what it is as PNG: Chromium has the encoder. A string, because tests are compiled without a browser's types. */
async function toWebP(png: Buffer): Promise<Buffer> {
  const page = await workbench.page.context().browser()?.newPage();
  if (page === undefined) {
    throw new Error("The browser has ended.");
  }
  try {
    const url = await page.evaluate<string>(`(async () => {
      const image = new Image();
      image.src = "data:image/png;base64,${png.toString("base64")}";
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext("2d").drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", ${WEBP_QUALITY});
    })()`);
    return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
  } finally {
    await page.close();
  }
}
