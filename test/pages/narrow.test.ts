import { beforeAll, expect, test } from "vitest";
import { createRun } from "../../src/store/run.ts";
import type { Run } from "../../src/store/run.ts";
import { openAnsweredDashboard } from "../support/answeredDashboard.ts";
import type { AnsweredDashboard } from "../support/answeredDashboard.ts";
import { useBrowser } from "../support/browser.ts";
import { openClippingPage } from "../support/clippingPage.ts";
import type { ClippingPage } from "../support/clippingPage.ts";
import { batch, chunk, GLOBAL, tensorKey } from "../support/logs.ts";
import type { WebviewPage } from "../support/webviewPage.ts";

const browser = useBrowser();
const TABS = ["Timeline", "Tensors", "Clipping", "Compare"];
/** Of a name cut at its left so many pixels tell tensors of a block apart; of letters, 15. */
const LEAST_NAME = 120;
/** A column as wide as its narrowest letter breaks words between any two. */
const NARROW = 24;

let longNames: Run;
beforeAll(() => {
  longNames = createRun("/run");
  const steps = Array.from({ length: 120 }, (_, index) => index * 1000);
  const norms = steps.map((step) => 1 + Math.sin(step) / 4);
  const names = Array.from({ length: 12 }, (_, block) => `model.${"very_long_module_name_".repeat(8)}${block}.weight`);
  const series = [GLOBAL, ...names.map(tensorKey)].map((key) => chunk(key, steps, norms));
  longNames.append({ path: "/run/metrics.jsonl", format: "jsonl" }, batch(series));
});

async function openTab(view: ClippingPage | AnsweredDashboard, tab: string): Promise<void> {
  await view.page.getByRole("tab", { name: tab }).click();
  await view.answer();
  if (tab === "Tensors") {
    await expect.poll(async () => JSON.stringify(await view.posted())).toContain('"shares"'); // Asked once the zoom rests.
    await view.answer();
    await view.page.locator(".share-legend li").first().waitFor();
  }
}

/** What a page is too narrow for: itself, the names in its tables, and short words that break. */
async function problemsOf({ page }: WebviewPage): Promise<unknown> {
  return page.evaluate(`(() => {
    const seen = [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility() && one.clientWidth > 1);
    const width = (one) => Math.round(one.getBoundingClientRect().width);
    const names = seen.filter((one) => one.matches(".name-by-its-end")).map((one) => one.closest("td, li"));
    const values = seen.filter((one) => one.matches(".quiet-text, .legend-value") && one.textContent !== "");
    return {
      isWiderThanThePage: document.documentElement.scrollWidth > innerWidth,
      narrowNames: names.filter((one) => width(one) < ${LEAST_NAME}).map((one) => one.className + " " + width(one)),
      brokenWords: values.filter((one) => width(one) < ${NARROW} && one.textContent.length > 3).map((one) => one.textContent),
    };
  })()`);
}

const NONE = { isWiderThanThePage: false, narrowNames: [], brokenWords: [] };

test.each([400, 600, 900])("at a width of %i pixels every tab has room for names and values", async (width) => {
  const view = await openAnsweredDashboard({ browser: browser(), width });
  const found = new Map<string, unknown>();
  for (const tab of TABS) {
    await openTab(view, tab);
    found.set(tab, await problemsOf(view));
  }
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(TABS.map((tab) => [tab, NONE])));
});

test.each([400, 1280])("at a width of %i pixels names of 200 letters push nothing aside", async (width) => {
  const view = await openClippingPage(longNames, { browser: browser(), width });
  const found = new Map<string, unknown>();
  for (const tab of ["Timeline", "Tensors", "Clipping"]) {
    await openTab(view, tab);
    found.set(tab, await problemsOf(view));
  }
  expect(Object.fromEntries(found)).toEqual({ Timeline: NONE, Tensors: NONE, Clipping: NONE });
});
