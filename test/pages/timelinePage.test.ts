import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { seriousViolations } from "../support/axe.ts";
import { useBrowser } from "../support/browser.ts";
import { comparisonOf, NAN_STEP, overlayOf, REPLACE, STEPS, SURROUNDINGS } from "../support/timelineMessages.ts";
import { openWebviewPage, THEME_KINDS } from "../support/webviewPage.ts";
import type { WebviewOptions, WebviewPage } from "../support/webviewPage.ts";

const SCREENSHOTS = join(import.meta.dirname, "../../.workbench/screenshots");

const browser = useBrowser();

beforeAll(() => void mkdirSync(SCREENSHOTS, { recursive: true }));

async function openTimeline(options: WebviewOptions = {}): Promise<WebviewPage> {
  const view = await openWebviewPage("dashboard", { browser: browser(), ...options });
  await view.send(REPLACE);
  await view.send(SURROUNDINGS);
  return view;
}

async function tickOtherRuns({ page, send }: WebviewPage): Promise<void> {
  await page.getByText("Other runs").click();
  await page.getByLabel("run b").check();
  await page.getByLabel("<img src=x>").check();
  await send(overlayOf("/b", 2));
  await send(overlayOf("/c", 0.5));
}

test.each(THEME_KINDS)("the timeline and the comparison are accessible and look right in %s", async (theme) => {
  const shown = await openTimeline({ theme });
  await shown.page.screenshot({ path: join(SCREENSHOTS, `timeline-${theme}.png`) });
  const onTimeline = await seriousViolations(shown.page);
  await tickOtherRuns(shown);
  await shown.page.getByLabel("Smoothing").fill("0.9");
  await shown.page.screenshot({ path: join(SCREENSHOTS, `timeline-runs-${theme}.png`) });
  await shown.page.getByRole("tab", { name: "Compare" }).click();
  await shown.send(comparisonOf("/b"));
  await shown.page.getByText("first differ at step 3000").waitFor();
  await shown.page.screenshot({ path: join(SCREENSHOTS, `compare-${theme}.png`) });
  expect([onTimeline, await seriousViolations(shown.page)]).toEqual([[], []]);
});

test("the arrow keys open tabs, and the open tab is remembered", async () => {
  const { page, stored } = await openTimeline();
  await page.getByRole("tab", { name: "Timeline" }).focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("tabpanel", { name: "Compare" }).waitFor();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  expect(await page.getByRole("tab", { selected: true }).innerText()).toBe("Tensors");
  expect(await stored()).toMatchObject({ tab: "tensors" });
});

test("other runs are lines on the same axis, or panels side by side", async () => {
  const shown = await openTimeline();
  await tickOtherRuns(shown);
  const { page } = shown;
  const title = page.locator(".panel-title").first();
  const names = await title.locator(".legend-entry > span:first-of-type").allInnerTexts();
  expect(names).toEqual(["run a", "run b", "<img src=x>", "usual range", "warm-up"]);
  expect(await title.locator("svg text").allTextContents()).toEqual(["■", "◆"]);
  expect(await title.locator(".legend-value").allInnerTexts()).toEqual(["1.201", "2.402", "0.6005"]);
  expect(await title.locator(".panel-readout").innerText()).toBe("step 19995");
  const before = await page.locator(".panel").count();
  await page.getByLabel("side by side").check();
  expect([before, await page.locator(".panel").count()]).toEqual([3, 5]);
});

test("the list of other runs closes like a menu: by Escape, and by a click beside it", async () => {
  const { page } = await openTimeline();
  const isOpen = (): Promise<boolean> => page.getByLabel("run b").isVisible();
  const seen: boolean[] = [];
  await page.getByText("Other runs").click();
  seen.push(await isOpen());
  await page.keyboard.press("Escape");
  seen.push(await isOpen());
  await page.getByText("Other runs").click();
  seen.push(await isOpen());
  await page.getByText("2 findings").click();
  seen.push(await isOpen());
  expect(seen).toEqual([true, false, true, false]);
});

test("a value of another step says so", async () => {
  const shown = await openTimeline();
  await shown.page.getByText("Other runs").click();
  await shown.page.getByLabel("run b").check();
  const [steps, values] = [STEPS.slice(0, 2000), STEPS.slice(0, 2000).map(() => 3)];
  const overlay = { kind: "overlay", runId: "/b", token: 1, sent: 2000, isWhole: true, steps, values };
  await shown.send({ kind: "timeline", answer: overlay });
  expect(await shown.page.locator(".panel-title").first().locator(".legend-value").allInnerTexts()).toEqual([
    "1.201",
    "3 (step 9995)",
  ]);
});

test("a run grown by the host is asked for from where it stopped", async () => {
  const shown = await openTimeline();
  await tickOtherRuns(shown);
  await shown.page.getByLabel("run b").uncheck();
  const asked = await shown.posted();
  expect(asked.at(-1)).toEqual({
    kind: "timeline",
    request: { kind: "overlay", runId: "/c", token: 1, sent: 4000 },
  });
});

test("by time the axis says hours, and the cursor still reads steps", async () => {
  const { page, send } = await openTimeline();
  await page.getByLabel("Horizontal axis").selectOption("time");
  const [steps, values] = [Float64Array.of(0, 10_000, 19_995), Float64Array.of(0, 3600, 18_000)];
  await send({ kind: "timeline", answer: { kind: "axis", runId: "/a", name: "time", steps, values } });
  const plot = page.locator(".panel").first().locator(".u-over");
  const box = await plot.boundingBox();
  // An hour is a fifth of the time, and half of the steps.
  await plot.hover({ position: { x: (box?.width ?? 0) / 5, y: 50 } });
  const readout = page.locator(".panel-readout").first();
  const shownStep = async (): Promise<number> => Number(/step (\d+)/.exec(await readout.innerText())?.[1]);
  await expect.poll(async () => Math.abs((await shownStep()) - 10_000)).toBeLessThan(100);
});

test("the menu of a point knows its step, its value and the finding on it", async () => {
  const { page } = await openTimeline();
  const plot = page.locator(".panel").first().locator(".u-over");
  const box = await plot.boundingBox();
  const x = ((box?.width ?? 0) * 15_000) / 19_995;
  await plot.click({ button: "right", position: { x, y: 60 } });
  const context = await page.locator(".panel").first().getAttribute("data-vscode-context");
  expect(JSON.parse(context ?? "{}")).toEqual({
    webviewSection: "point",
    preventDefaultContextMenuItems: true,
    step: 15_000,
    value: "40",
    runId: "/a",
    hasFinding: true,
    rule: "GN201",
    start: 15_000,
  });
});

/** Chooses from the menu and gives what the page asks the host to save. */
async function save({ page, posted }: WebviewPage, entry: string): Promise<string> {
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: entry }).click();
  return String((await posted()).at(-1)?.["content"]);
}

test("what is exported has the baseline, the other runs and the axis of the screen", async () => {
  const shown = await openTimeline();
  await tickOtherRuns(shown);
  await shown.page.getByLabel("Horizontal axis").selectOption("time");
  const [steps, values] = [Float64Array.of(0, 19_995), Float64Array.of(0, 36_000)];
  await shown.send({ kind: "timeline", answer: { kind: "axis", runId: "/a", name: "time", steps, values } });
  const svg = await save(shown, "Picture (SVG)");
  expect([/■|run b/.test(svg), svg.includes("2:00 h"), svg.includes('fill-opacity="0.16"')]).toEqual([
    true,
    true,
    true,
  ]);
  expect(svg).toContain("&#60;img src=x&#62;");
  const [header, first] = (await save(shown, "Data (CSV)")).split("\r\n");
  expect(header).toBe(
    "step,elapsed seconds,grad_norm,loss,lr,baseline median,baseline low,baseline high,gradient norm of run b,gradient norm of <img src=x>",
  );
  expect(first?.split(",").slice(0, 2)).toEqual(["0", "0"]);
  const { baseline, others, axis } = JSON.parse(await save(shown, "Data (JSON)")) as Readonly<Record<string, unknown>>;
  expect([axis, (others as unknown[]).length, Object.keys(baseline as object)]).toEqual([
    "time",
    2,
    ["steps", "median", "low", "high"],
  ]);
});

test("the charts are a table as well, with the same numbers, reached by the keyboard", async () => {
  const { page } = await openTimeline();
  await page.getByRole("button", { name: "Reset zoom" }).focus();
  await page.getByRole("button", { name: "Charts as a table" }).focus();
  await page.keyboard.press("Enter");
  const table = page.getByRole("table", { name: "Charts" });
  await table.waitFor();
  expect(await page.locator(".charts").isVisible()).toBe(false);
  expect(await table.getAttribute("aria-rowcount")).toBe(String(STEPS.length + 1));
  expect((await table.locator("tbody tr").count()) < 60).toBe(true);
  await page.keyboard.press("Tab"); // To the table itself, which scrolls by keys.
  const scroller = page.getByRole("region", { name: "Charts" });
  await scroller.evaluate(scrollToBroken);
  const broken = table.locator("tr").filter({ has: page.getByText(String(NAN_STEP), { exact: true }) });
  expect(await broken.locator("td").nth(1).innerText()).toBe("✕ NaN");
  await page.getByRole("button", { name: "Charts as a table" }).click();
  expect(await page.locator(".charts").isVisible()).toBe(true);
});

/** Runs in the page; these tests are compiled without the browser's types. */
function scrollToBroken(scroller: unknown): void {
  (scroller as { scrollTop: number }).scrollTop = 22 * 2499;
}

test("the two norms of a comparison are a table as well, and a picture", async () => {
  const shown = await openTimeline();
  await shown.page.getByRole("tab", { name: "Compare" }).click();
  await shown.send(comparisonOf("/b"));
  const svg = await save(shown, "Picture (SVG)");
  expect([svg.includes("√2"), svg.includes("first difference")]).toEqual([true, true]);
  expect((await save(shown, "Data (CSV)")).split("\r\n")[0]).toBe("step,run a,run b,run b / run a");
  await shown.page.getByRole("button", { name: "Norms and their ratio as a table" }).click();
  const first = shown.page
    .getByRole("table", { name: "Norms and their ratio" })
    .locator("tbody tr:not(.spacer)")
    .first();
  expect(await first.locator("td").allInnerTexts()).toHaveLength(4);
});

test("which tensor caused a spike is one click away from the open dashboard", async () => {
  const { page, posted } = await openTimeline();
  const plot = page.locator(".panel").first().locator(".u-over");
  const box = await plot.boundingBox();
  await plot.click({ position: { x: ((box?.width ?? 0) * 15_000) / 19_995, y: 60 } });
  const chosen = page.locator("button.finding[aria-current=true]");
  await chosen.getByText("layers.3.w carries 61 % of its square.").waitFor();
  expect((await posted()).at(-1)).toEqual({ kind: "revealStep", step: 15_000 });
});
