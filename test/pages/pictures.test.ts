import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { seriousViolations } from "../support/axe.ts";
import { useBrowser } from "../support/browser.ts";
import { EXAMPLE } from "../support/build.ts";
import { openCheckpointPage } from "../support/checkpointPage.ts";
import { openClippingPage, readRun } from "../support/clippingPage.ts";
import { compareWithReviewed, differingPixels, MOST_DIFFERENT, REVIEWED } from "../support/pictures.ts";
import { comparisonOf, overlayOf, REPLACE, SURROUNDINGS } from "../support/timelineMessages.ts";
import { openWebviewPage, THEME_KINDS } from "../support/webviewPage.ts";
import type { WebviewPage } from "../support/webviewPage.ts";

const CHECKPOINT = join(EXAMPLE, "checkpoint-400/model.safetensors");
const browser = useBrowser();

/** A page of one size with one font, so that its picture is the same on every machine. */
const page = { width: 900, height: 660, hasTestFont: true } as const;

/** Each main view, opened as far as its picture shows it. */
const VIEWS: Readonly<Record<string, () => Promise<WebviewPage>>> = {
  timeline: () => openTimeline(),
  compare: () => openComparison(),
  tensors: () => openExample("Tensors"),
  clipping: () => openExample("Clipping"),
  checkpoint: () => openCheckpoint(),
};

async function openTimeline(): Promise<WebviewPage> {
  const opened = await openWebviewPage("dashboard", { browser: browser(), ...page });
  await opened.send(REPLACE);
  await opened.send(SURROUNDINGS);
  await opened.page.getByText("Other runs").click();
  await opened.page.getByLabel("run b").check();
  await opened.send(overlayOf("/b", 2));
  await opened.page.getByText("Other runs").click();
  return opened;
}

async function openComparison(): Promise<WebviewPage> {
  const opened = await openWebviewPage("dashboard", { browser: browser(), ...page });
  await opened.send(REPLACE);
  await opened.page.getByRole("tab", { name: "Compare" }).click();
  await opened.send(comparisonOf("/b"));
  await opened.page.getByText("first differ at step 3000").waitFor();
  return opened;
}

async function openExample(tab: string): Promise<WebviewPage> {
  const opened = await openClippingPage(await readRun(EXAMPLE), { browser: browser(), ...page });
  await opened.page.getByRole("tab", { name: tab }).click();
  await opened.answer();
  if (tab === "Tensors") {
    await expect.poll(async () => JSON.stringify(await opened.posted())).toContain('"shares"'); // Asked last, once the zoom rests.
    await opened.answer();
  }
  return opened;
}

async function openCheckpoint(): Promise<WebviewPage> {
  const opened = await openCheckpointPage({ browser: browser(), ...page });
  await opened.show(CHECKPOINT);
  await opened.page.locator("#root[data-finished]").waitFor();
  await opened.page.locator('tr:has([title="transformer.h.0.attn.c_attn.weight"])').click();
  await opened.answer(CHECKPOINT);
  await opened.page.getByRole("img", { name: /^Magnitudes from 2\^/ }).waitFor();
  await opened.page.evaluate(`document.querySelector(".progress-message").textContent = "381 kB in no time"`);
  return opened;
}

test.each(Object.entries(VIEWS))(
  "%s looks as reviewed in every theme, and axe finds nothing serious",
  async (name, open) => {
    const view = await open();
    const found: unknown[] = [];
    for (const theme of THEME_KINDS) {
      await view.setTheme(theme);
      await view.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
      found.push(await compareWithReviewed(view.page, `${name}-${theme}`), ...(await seriousViolations(view.page)));
    }
    expect(found.filter((problem) => problem !== undefined)).toEqual([]);
  },
);

test("a threshold's line that is missing from a picture is found, and so is a mark that has moved", () => {
  const reviewed = PNG.sync.read(readFileSync(join(REVIEWED, "timeline-dark.png")));
  const lost = without(reviewed, { left: 80, top: 0, width: 500, height: 1, at: rowOfDashes(reviewed) });
  expect(differingPixels(reviewed, reviewed).count).toBe(0);
  expect(differingPixels(reviewed, lost).count).toBeGreaterThan(MOST_DIFFERENT);
});

/** The row with the most pixels as bright as text, which in this picture is the dashed line of the clip threshold. */
function rowOfDashes({ data, width, height }: PNG): number {
  const bright = Array.from({ length: height }, (_, y) => {
    let count = 0;
    for (let x = 80; x < 580; x += 1) {
      count += (data[(y * width + x) * 4] ?? 0) > 180 ? 1 : 0;
    }
    return count;
  });
  return bright.indexOf(Math.max(...bright));
}

/** The same picture with a strip painted over by what is a few pixels above it. */
function without(
  picture: PNG,
  { left, width, height, at }: { left: number; top: number; width: number; height: number; at: number },
): PNG {
  const changed = new PNG({ width: picture.width, height: picture.height });
  picture.data.copy(changed.data);
  for (let y = at; y < at + height; y += 1) {
    const from = ((y - 3) * picture.width + left) * 4;
    picture.data.copy(changed.data, (y * picture.width + left) * 4, from, from + width * 4);
  }
  return changed;
}

test("who asked for less motion sees none", async () => {
  const view = await openTimeline();
  await view.page.emulateMedia({ reducedMotion: "reduce" });
  const moving = `[...document.querySelectorAll("*")].filter((one) => {
    const { animationName, transitionDuration } = getComputedStyle(one);
    return animationName !== "none" || transitionDuration.split(", ").some((duration) => duration !== "0s");
  }).length + document.getAnimations().length`;
  expect(await view.page.evaluate(moving)).toBe(0);
});
