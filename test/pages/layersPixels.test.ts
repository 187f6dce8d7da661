import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layeredRun } from "../support/layeredRun.ts";
import { openDashboardPage } from "../support/dashboardPage.ts";
import type { DashboardPage } from "../support/dashboardPage.ts";

const STEPS = 1_000_000;
const SPIKE = 654_321;
const BROKEN = 234_567;
const YELLOW = [253, 231, 37];
const VERMILLION = [213, 94, 0];
let dashboard: DashboardPage;

beforeAll(async () => {
  dashboard = await openDashboardPage((store) =>
    layeredRun(store, {
      blocks: 1,
      steps: STEPS,
      change(name, values) {
        if (name.includes("up_proj")) {
          values[SPIKE - 1] = 1000;
        }
        if (name.includes("down_proj")) {
          values[BROKEN - 1] = Number.NaN;
        }
      },
    }),
  );
  await dashboard.setTheme("dark");
  await dashboard.page.getByRole("tab", { name: "Tensors" }).click();
  await dashboard.page.locator(".heat-canvas").waitFor();
}, 120_000);
afterAll(() => dashboard?.close());

/** Rows: embedding, the block, q, o, up, down, ln, head. */
const UP = 4;
const DOWN = 5;

test("a spike of one step among a million, and a NaN, are seen at every zoom", async () => {
  const { page } = dashboard;
  for (const step of [SPIKE, BROKEN]) {
    await page.getByRole("button", { name: "Reset zoom" }).click();
    for (let zoom = 0; zoom < 22; zoom += 1) {
      const [row, colour] = step === SPIKE ? [UP, YELLOW] : [DOWN, VERMILLION];
      await expect.poll(() => hasColour(page, row, colour)).toBe(true);
      await zoomAt(page, step);
    }
  }
});

/** Ctrl and the wheel over the step, by a factor of about 1.8. */
async function zoomAt(page: Page, step: number): Promise<void> {
  const place = await page.locator(".heat-canvas").evaluate(placeOf);
  const label = await page.locator(".heat-scroller").getAttribute("aria-label");
  const [min = 0, max = 0] = (/steps (\d+) to (\d+)/.exec(label ?? "") ?? []).slice(1).map(Number);
  const x = place.left + ((step - min + 0.5) / (max - min + 1)) * place.width;
  await page
    .locator(".heat-canvas")
    .dispatchEvent("wheel", { deltaY: -400, ctrlKey: true, clientX: x, clientY: place.top + 5 });
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** Run in the page: the plotting area, which begins after the names. */
function placeOf(canvas: unknown): Place {
  const { left, top, width } = (canvas as { getBoundingClientRect: () => Place }).getBoundingClientRect();
  const names = Math.round(Math.min(Math.max((width + 14) * 0.26, 84), 260));
  return { left: left + names, top, width: width - names };
}

/** Whether a pixel in a row of the canvas has a colour. */
async function hasColour(page: Page, row: number, colour: readonly number[]): Promise<boolean> {
  const pixels = await page.locator(".heat-canvas").evaluate(readRow, row);
  return pixels.some(([red, green, blue]) => red === colour[0] && green === colour[1] && blue === colour[2]);
}

/** Run in the page: the pixels of a row, right of the names, as red, green, blue. */
function readRow(element: unknown, row: number): readonly number[][] {
  const canvas = element as {
    width: number;
    getContext: (kind: string) => { getImageData: (...box: number[]) => { data: Uint8ClampedArray } };
  };
  const found = [];
  for (const y of [row * 18 + 1, row * 18 + 4, row * 18 + 9]) {
    const { data } = canvas.getContext("2d").getImageData(262, y, canvas.width - 262, 1);
    for (let at = 0; at < data.length; at += 4) {
      found.push(Array.from(data.slice(at, at + 3)));
    }
  }
  return found;
}
