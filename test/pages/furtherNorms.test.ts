import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { SeriesKey } from "../../src/core/series.ts";
import type { SavedFile } from "../../src/protocol/dashboard/savedFile.ts";
import { createRun } from "../../src/store/run.ts";
import type { Run } from "../../src/store/run.ts";
import { seriousViolations } from "../support/axe.ts";
import { useBrowser } from "../support/browser.ts";
import { EXAMPLE } from "../support/build.ts";
import { openClippingPage, openRunPage, readRun } from "../support/clippingPage.ts";
import type { ClippingPage } from "../support/clippingPage.ts";
import { batch, chunk, GLOBAL } from "../support/logs.ts";
import { THEME_KINDS } from "../support/webviewPage.ts";
import type { WebviewOptions } from "../support/webviewPage.ts";

const GAN = join(import.meta.dirname, "../fixtures/gan");
const SCREENSHOTS = join(import.meta.dirname, "../../.workbench/screenshots");
const browser = useBrowser();
let gan: Run;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  gan = await readRun(GAN);
});

function open(options: WebviewOptions = {}, run = gan): Promise<ClippingPage> {
  return openRunPage(run, { browser: browser(), ...options });
}

async function legendOf({ page }: ClippingPage): Promise<readonly string[]> {
  return page.locator(".panel-title").first().locator(".legend-entry > span:first-of-type").allInnerTexts();
}

/** The box of a norm in the open list. */
function tick({ page }: ClippingPage, name: string): Locator {
  return page.getByRole("checkbox", { name, exact: true });
}

test.each(THEME_KINDS)("both norms of a GAN are drawn, each by its name, and accessible in %s", async (theme) => {
  const view = await open({ theme });
  await view.page.getByText("Further norms: 1").click();
  await view.page.screenshot({ path: join(SCREENSHOTS, `further-norms-${theme}.png`) });
  expect(await legendOf(view)).toEqual(["grad_norm_d", "grad_norm_g", "usual range of grad_norm_d", "warm-up"]);
  expect(await seriousViolations(view.page)).toEqual([]);
});

test("the cursor reads both norms, and says where one was not logged at the step", async () => {
  const view = await open();
  const values = view.page.locator(".panel-title").first().locator(".legend-value");
  expect(await values.allInnerTexts()).toEqual(["0.1853", "0.1179 (step 398)"]);
  await view.page.locator(".charts").focus();
  await view.page.keyboard.press("n"); // To the jump of the generator's norm at step 220.
  await view.page.keyboard.press("n"); // To that of the discriminator's at step 260.
  await view.page.keyboard.press("n"); // To the generator's NaN at step 330.
  await view.page.keyboard.press("Shift+ArrowRight");
  await view.page.keyboard.press("Shift+ArrowLeft");
  expect(await values.allInnerTexts()).toEqual(["0.2052", "NaN"]);
});

test("a screen reader hears of both norms, with the findings of each", async () => {
  const { page } = await open();
  expect(await page.locator(".charts").getAttribute("aria-label")).toMatch(
    /grad_norm_d: Last value 0\.1853 at step 399, 400 points\. 1 spike, 0 non-finite values, 0 zero values\. grad_norm_g: Last value 0\.1179 at step 398, 200 points\. 1 spike, 1 non-finite value, 0 zero values\.$/,
  );
});

test("a further norm that is not wanted goes, also for the next time, and comes back when it is", async () => {
  const view = await open();
  await view.page.getByText("Further norms: 1").click();
  await tick(view, "grad_norm_g").uncheck();
  expect(await legendOf(view)).toEqual(["grad_norm_d", "usual range", "warm-up"]);
  const again = await open({ state: await view.stored() });
  expect(await legendOf(again)).toEqual(["grad_norm_d", "usual range", "warm-up"]);
  await again.page.getByText("Further norms", { exact: true }).click();
  await tick(again, "grad_norm_g").check();
  await again.answer();
  expect(await legendOf(again)).toEqual(["grad_norm_d", "grad_norm_g", "usual range of grad_norm_d", "warm-up"]);
});

test("a run with one norm has no list of further ones", async () => {
  const { page } = await open({}, await readRun(EXAMPLE));
  await page.getByText("Smoothing").waitFor();
  expect(await page.getByText("Further norms").isVisible()).toBe(false);
});

test("norms over another axis, of another process and of a log that disagrees are drawn for who asks for them", async () => {
  const run = createRun("/run");
  const keys: readonly SeriesKey[] = [
    GLOBAL,
    { ...GLOBAL, name: "grad_norm (rank 1)" },
    { ...GLOBAL, name: "epoch/grad_norm", axis: "epochs" },
  ];
  run.append({ path: "/run/a.jsonl", format: "jsonl" }, batch(keys.map((key, at) => chunk(key, [1, 2], [at + 1, 1]))));
  run.append({ path: "/run/b.csv", format: "csv" }, batch([chunk(GLOBAL, [1, 2], [7, 8])]));
  const view = await open({}, run);
  const before = await legendOf(view);
  await view.page.getByText("Further norms", { exact: true }).click();
  await tick(view, "grad_norm (rank 1)").check();
  await tick(view, "grad_norm (b.csv)").check();
  await view.answer();
  expect(before).toEqual(["grad_norm", "warm-up"]);
  expect(await legendOf(view)).toEqual(["grad_norm", "grad_norm (b.csv)", "grad_norm (rank 1)", "warm-up"]);
  expect(await tick(view, "epoch/grad_norm").isDisabled()).toBe(true);
});

test("of a run that grows only what is new of a further norm is asked for, and drawn", async () => {
  const run = createRun("/run");
  const log = { path: "/run/a.jsonl", format: "jsonl" } as const;
  const critic = { ...GLOBAL, name: "critic/grad_norm" };
  run.append(log, batch([chunk(GLOBAL, [1, 2], [5, 6]), chunk(critic, [1, 2], [1, 2])]));
  const view = await open({}, run);
  run.append(log, batch([chunk(critic, [3], [4])]));
  await view.page.getByRole("tab", { name: "Tensors" }).click();
  await view.page.getByRole("tab", { name: "Timeline" }).click(); // Asks anew.
  await view.answer();
  const asked = (await view.posted()).filter(({ kind }) => kind === "timeline").map(({ request }) => request);
  const values = view.page.locator(".panel-title").first().locator(".legend-value");
  expect(await values.allInnerTexts()).toEqual(["6", "4 (step 3)"]);
  expect(asked.at(-1)).toMatchObject({ kind: "overlay", runId: "/run", norm: "critic/grad_norm", sent: 2 });
});

async function save(view: ClippingPage, entry: string): Promise<string> {
  await view.page.getByRole("button", { name: "Export" }).click();
  await view.page.getByRole("menuitem", { name: entry }).click();
  const saved = async (): Promise<readonly unknown[]> => (await view.posted()).filter(({ kind }) => kind === "save");
  await expect.poll(async () => (await saved()).length).toBeGreaterThan(0);
  return ((await saved()).at(-1) as SavedFile).content;
}

test("the data of both norms is exported, as logged", async () => {
  const view = await open();
  const [header, ...rows] = (await save(view, "Data (CSV)")).trimEnd().split("\r\n");
  expect(header).toBe("step,grad_norm_d,grad_norm_g,baseline median,baseline low,baseline high");
  expect([329, 330].map((step) => rows[step]?.split(",").slice(0, 3))).toEqual([
    ["329", expect.any(String), ""],
    ["330", expect.any(String), "NaN"],
  ]);
  expect(rows).toHaveLength(400);
});

test("the picture of both norms has both names, and the jumps of each on its own line", async () => {
  const svg = await save(await open(), "Picture (SVG)");
  const tips = Array.from(svg.matchAll(/<path d="M[\d.]+ ([\d.]+)l5 8h-10Z"[^>]*><title>(\w+)/g), ([, y, name]) => [
    name,
    Number(y),
  ]);
  expect(tips.map(([name]) => name)).toEqual(["grad_norm_g", "grad_norm_d"]);
  const [low, high] = tips.map(([, y]) => Number(y)); // 8.4 is drawn below 64.
  expect(low).toBeGreaterThan(Number(high));
  expect([svg.includes(">grad_norm_d<"), svg.includes(">grad_norm_g<")]).toEqual([true, true]);
});

test("the tab Clipping advises on the norm that is chosen, and names it; one norm needs no choice", async () => {
  const view = await openClippingPage(gan, { browser: browser() });
  const message = view.page.locator(".clip-message");
  const select = view.page.getByLabel("Norm that is clipped");
  const before = await message.innerText();
  await select.selectOption("grad_norm_g");
  await view.answer();
  await view.page.screenshot({ path: join(SCREENSHOTS, "further-norms-clipping.png") });
  expect([before, await message.innerText()]).toEqual([
    "grad_norm_d: Based on 350 norms (left out: 50 of the warm-up).",
    "grad_norm_g: Based on 149 norms (left out: 50 of the warm-up, 1 NaN).",
  ]);
  expect(await seriousViolations(view.page)).toEqual([]);
  const alone = await openClippingPage(await readRun(EXAMPLE), { browser: browser() });
  expect(await alone.page.getByLabel("Norm that is clipped").isVisible()).toBe(false);
  expect(await alone.page.locator(".clip-message").innerText()).toMatch(/^Based on /);
});
