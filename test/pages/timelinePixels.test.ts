import { expect, test } from "vitest";
import { describeRun } from "../../src/host/dashboard/dashboardModel.ts";
import { createRun } from "../../src/store/run.ts";
import { useBrowser } from "../support/browser.ts";
import { openWebviewPage } from "../support/webviewPage.ts";
import type { WebviewPage } from "../support/webviewPage.ts";
import { batch, chunk, GLOBAL } from "../support/logs.ts";

const POINTS = 1_000_000;
const SPIKE = 654_321;
const BROKEN = 345_678;
const NAMES = { ofRun: (id: string): string => id, ofFile: (path: string): string => path };

const browser = useBrowser();

/** No finding says where they are: they are seen because the line and the gutter show them. */
test.each([
  { what: "a spike of one step", step: SPIKE, strip: "spike" },
  { what: "a NaN of one step", step: BROKEN, strip: "gutter" },
] as const)("$what among a million is seen at every zoom", async ({ step, strip }) => {
  const view = await openWebviewPage("dashboard", { browser: browser(), width: 1100, height: 600 });
  await view.send({ kind: "replace", sequence: 1, runs: [{ id: "/run", name: "run" }], run: describeMillion() });
  const seen = await zoomTo(view, step, strip);
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.at(-1)?.width).toBeLessThan(6);
  expect(seen.filter(({ pixels }) => pixels === 0)).toEqual([]);
});

function describeMillion(): unknown {
  const steps = Array.from({ length: POINTS }, (_, index) => index);
  const values = steps.map((step) => {
    const usual = 1 + 0.2 * Math.sin(step * 12.9898);
    return step === BROKEN ? Number.NaN : step === SPIKE ? 60 : usual;
  });
  const run = createRun("/run");
  run.append({ path: "/run/log.jsonl", format: "jsonl" }, batch([chunk(GLOBAL, steps, values)]));
  return describeRun(run, NAMES, []);
}

/** Turns the wheel over a step until nothing gets closer; counts at each zoom the pixels that only it can have painted. */
async function zoomTo(
  { page, stored }: WebviewPage,
  step: number,
  strip: "spike" | "gutter",
): Promise<readonly { readonly width: number; readonly pixels: number }[]> {
  const seen: { width: number; pixels: number }[] = [];
  for (;;) {
    const { min, max } = shownSteps(await stored());
    if (max - min >= (seen.at(-1)?.width ?? Infinity)) {
      return seen;
    }
    const box = await page.locator(".panel .u-over").first().boundingBox();
    if (box === null) {
      throw new Error("There is no chart.");
    }
    const x = box.x + (box.width * (step - min)) / (max - min);
    const reach = Math.max(4, box.width / (max - min)); // A spike's sides slant to the steps beside it.
    // The upper part of the plot, where no usual value reaches, or the gutter above the plot.
    const [top, height] = strip === "spike" ? [box.y + box.height * 0.3, 20] : [box.y - 14, 12];
    const pixels: number = await page.evaluate(
      `(${countColoured.toString()})(${JSON.stringify({ x, top, height, reach })})`,
    );
    seen.push({ width: max - min, pixels });
    const wheel = { deltaY: -600, clientX: x, clientY: box.y + box.height / 2 }; // The page has heard it when this returns.
    await page.locator(".panel .u-over").first().dispatchEvent("wheel", wheel);
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }
}

/** The zoom that the page remembers; all steps while it remembers none. */
function shownSteps(stored: unknown): { readonly min: number; readonly max: number } {
  const { range } = (stored ?? {}) as { readonly range?: { readonly min: number; readonly max: number } };
  return range ?? { min: 0, max: POINTS - 1 };
}

/** Runs in the page: pixels near x that have a data colour, which grid, text and gutters do not. */
function countColoured(area: { x: number; top: number; height: number; reach: number }): number {
  const { x, top, height, reach } = area;
  // The page's own types are not known here.
  const page = globalThis as unknown as { document: { querySelector: (selector: string) => CanvasLike } };
  const canvas = page.document.querySelector(".panel canvas");
  const place = canvas.getBoundingClientRect();
  const ratio = canvas.width / place.width;
  const { data } = canvas
    .getContext("2d")
    .getImageData((x - reach - place.x) * ratio, (top - place.y) * ratio, 2 * reach * ratio, height * ratio);
  let count = 0;
  for (let index = 0; index < data.length; index += 4) {
    const [red = 0, green = 0, blue = 0] = data.slice(index, index + 3);
    count += Math.max(red, green, blue) - Math.min(red, green, blue) > 60 ? 1 : 0;
  }
  return count;
}

interface CanvasLike {
  readonly width: number;
  readonly getBoundingClientRect: () => { readonly x: number; readonly y: number; readonly width: number };
  readonly getContext: (kind: "2d") => {
    readonly getImageData: (
      x: number,
      y: number,
      width: number,
      height: number,
    ) => { readonly data: Uint8ClampedArray };
  };
}
