/** Renews the pictures that are packed: the extension's icon from its drawing, the walkthrough's from the real workbench. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "./chromium.mjs";
import { build, ensureServer, onPinnedNode, ROOT, runVitest } from "./setup.mjs";

const ICONS = join(ROOT, "media/icons");
const ICON_PIXELS = 256;

await onPinnedNode(import.meta.url, async () => {
  await drawIcon();
  build();
  ensureServer();
  runVitest(["--project", "browser", "test/browser/walkthrough.test.ts"], { GRADLENS_PICTURES: "renew" });
});

async function drawIcon() {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: ICON_PIXELS, height: ICON_PIXELS } });
    const drawing = readFileSync(join(ICONS, "extension.svg"), "utf8");
    await page.setContent(`<style>body { margin: 0 }</style>${drawing}`);
    writeFileSync(join(ICONS, "extension.png"), await page.screenshot({ omitBackground: true }));
  } finally {
    await browser.close();
  }
}
