import { afterAll, beforeAll, expect, test } from "vitest";
import { layeredRun } from "../support/layeredRun.ts";
import { batch, chunk, tensorKey } from "../support/logs.ts";
import { openDashboardPage } from "../support/dashboardPage.ts";
import type { DashboardPage } from "../support/dashboardPage.ts";

const SPIKE = 212;
const SPIKED = "model.layers.5.mlp.down_proj.weight";
let dashboard: DashboardPage;

beforeAll(async () => {
  dashboard = await openDashboardPage((store) =>
    layeredRun(store, {
      blocks: 10,
      steps: 400,
      change(name, values) {
        if (name === SPIKED) {
          values[SPIKE - 1] = 40;
        }
        if (name === "model.layers.2.attn.q_proj.weight") {
          values.fill(0, 300, 330);
        }
        if (name === "model.layers.3.attn.q_proj.weight") {
          values.fill(Number.NaN, 360, 372);
        }
      },
    }),
  );
  await dashboard.setTheme("dark");
});
afterAll(() => dashboard?.close());

test("which layer caused the spike is told in two clicks from the open dashboard", async () => {
  const { page } = dashboard;
  await page
    .locator("button.finding")
    .filter({ hasText: "jumped" })
    .filter({ hasText: `step ${SPIKE}` })
    .first()
    .click();
  await page.getByRole("tab", { name: "Tensors" }).click();
  await page.getByText(`Top movers at step ${SPIKE}`).waitFor();
  expect(await page.locator(".movers tbody tr").first().innerText()).toContain(SPIKED);
});

test("a mover's own line is shown with its log lines, and the cursor's opens the log there", async () => {
  const { page } = dashboard;
  await page.locator(".movers button").first().click();
  const current = page.locator(".log-lines tr[aria-current]");
  await current.waitFor();
  expect(await current.innerText()).toMatch(/212\s+40\s+metrics\.jsonl:212/);
  await current.locator("button").click();
  await expect.poll(() => dashboard.said.at(-1)).toEqual({ kind: "revealStep", step: SPIKE, tensor: SPIKED });
});

test("a tensor that is asked for from outside opens the tab on it, unfolded, with its line in sight", async () => {
  const { page } = dashboard;
  const tensor = "model.layers.8.attn.q_proj.weight";
  await page.getByRole("button", { name: "Fold all blocks", exact: true }).click();
  await page.getByRole("tab", { name: "Timeline" }).click();
  await dashboard.tell({ kind: "focusTensor", tensor });
  await page.getByRole("heading", { name: tensor }).waitFor();
  expect(await page.getByRole("tab", { name: "Tensors" }).getAttribute("aria-selected")).toBe("true");
  await expect.poll(() => page.locator(".heat-space").evaluate(heightOf)).toBe(18 * (12 + 5));
  await dashboard.tell({ kind: "focusTensor", tensor: SPIKED });
  await page.getByRole("heading", { name: SPIKED }).waitFor();
  await expect.poll(() => page.locator(".heat-space").evaluate(heightOf)).toBe(18 * (12 + 5 + 5));
});

test("a click on a cell goes to the worst step in it, and on a name folds its block", async () => {
  const { page } = dashboard;
  await page.getByRole("button", { name: "Reset zoom to all steps" }).click();
  await page.getByRole("button", { name: "Fold all blocks", exact: true }).click();
  // Rows: the embedding, blocks 0 to 9, the head.
  await page.locator(".heat-canvas").click({ position: { x: 700, y: 18 * 6 + 9 } });
  await page.locator(".layer-figure h2").filter({ hasText: "model.layers.5, all its tensors" }).waitFor();
  await page.locator(".heat-canvas").click({ position: { x: 40, y: 18 * 3 + 9 } });
  await expect.poll(() => page.locator(".heat-space").evaluate(heightOf)).toBe(18 * (12 + 5));
});

test("the keyboard moves, chooses and folds", async () => {
  const { page } = dashboard;
  await page.locator(".heat-scroller").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page
    .locator(".layer-figure h2")
    .filter({ hasText: /^lm_head\.weight$/ })
    .waitFor();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await expect.poll(() => page.locator(".heat-space").evaluate(heightOf)).toBe(18 * (12 + 5 + 5));
});

test("a filter keeps what matches, by glob and by regular expression", async () => {
  const { page } = dashboard;
  const box = page.locator(".layers .filter-box");
  await box.fill("*.3.attn.*");
  await expect.poll(() => page.locator(".heat-space").evaluate(heightOf)).toBe(18 * 3);
  await box.fill("/(head|embed)/");
  await expect.poll(() => page.locator(".heat-space").evaluate(heightOf)).toBe(18 * 2);
  await box.fill("");
});

test("the menu of a row knows its tensor, so that it can be ignored", async () => {
  const { page } = dashboard;
  await page.locator(".layers .filter-box").fill("lm_head");
  await expect.poll(() => page.locator(".heat-space").evaluate(heightOf)).toBe(18);
  const canvas = page.locator(".heat-canvas");
  await canvas.click({ button: "right", position: { x: 400, y: 9 } });
  expect(JSON.parse((await canvas.getAttribute("data-vscode-context")) ?? "{}")).toEqual({
    webviewSection: "tensor",
    preventDefaultContextMenuItems: true,
    hasTensor: true,
    tensor: "lm_head.weight",
  });
  await page.locator(".layers .filter-box").fill("");
});

test("each picture has a table that says the same", async () => {
  const { page } = dashboard;
  const toggles = page.locator(".layers").getByRole("button", { name: / as a table$/ });
  expect(await toggles.count()).toBe(4);
  await toggles.first().click();
  const spiked = page.locator(".heat-table tr").filter({ hasText: "model.layers.5 (5)" });
  await spiked.getByText(/^40$/).waitFor();
  await toggles.first().click();
});

test("a run that logs nothing but norms of tensors is zoomed as any other", async () => {
  const only = await openDashboardPage((store) => {
    const log = { path: "/only/metrics.jsonl", format: "jsonl" } as const;
    const run = store.setFiles({ folder: "/only", logs: [log], checkpoints: [], modifiedMs: 0 });
    const steps = Array.from({ length: 200 }, (_, index) => index);
    store.append(run.id, log, batch(["a.w", "b.w"].map((name) => chunk(tensorKey(name), steps, steps))));
    return run;
  });
  await only.page.getByRole("tab", { name: "Tensors" }).click();
  const label = only.page.locator(".heat-scroller");
  await expect.poll(() => label.getAttribute("aria-label")).toMatch(/steps 0 to 199/);
  await only.page.getByRole("button", { name: "Zoom in" }).click();
  await expect.poll(() => label.getAttribute("aria-label")).not.toMatch(/steps 0 to 199/);
  expect(only.errors).toEqual([]);
  await only.close();
});

test.each(["dark", "light", "highContrastDark", "highContrastLight"] as const)(
  "the tab in the theme %s",
  async (theme) => {
    const { page } = dashboard;
    await dashboard.setTheme(theme);
    await page.getByRole("button", { name: "Unfold all" }).click();
    await page.locator(".heat-scroller").evaluate(scrollDown);
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
    await dashboard.screenshot(`layers-${theme}`);
  },
);

/** Run in the page; these tests are compiled without the browser's types. */
function heightOf(element: unknown): number {
  return (element as { clientHeight: number }).clientHeight;
}

function scrollDown(element: unknown): void {
  (element as { scrollTop: number }).scrollTop = 200;
}

test("the page has thrown nothing", () => {
  expect(dashboard.errors).toEqual([]);
});
