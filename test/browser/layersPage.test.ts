import { afterAll, beforeAll, expect, test } from "vitest";
import { layeredRun } from "../support/layeredRun.ts";
import { openDashboardPage } from "./page/dashboardPage.ts";
import type { DashboardPage } from "./page/dashboardPage.ts";

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

test.each(["dark", "light", "highContrastDark", "highContrastLight"] as const)(
  "the tab in the theme %s",
  async (theme) => {
    const { page } = dashboard;
    await dashboard.setTheme(theme);
    await page.locator(".toolbar").getByRole("button", { name: "Unfold all" }).click();
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
    await dashboard.screenshot(`layers-${theme}`);
  },
);
