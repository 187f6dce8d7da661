/**
 * How fast the heatmap of 10,000 tensors over 2,000 steps is drawn, scrolled and zoomed in Chromium:
 * `node esbuild.config.mjs && node bench/heatmap.ts`. The host's own code answers, in this process.
 */
import { layeredRun } from "../test/support/layeredRun.ts";
import { openDashboardPage } from "../test/support/dashboardPage.ts";

const BLOCKS = 2000;
const STEPS = 2000;

const dashboard = await openDashboardPage((store) => layeredRun(store, { blocks: BLOCKS, steps: STEPS }), {
  width: 2320,
  isJudged: false,
  // Without the limit a frame takes as long as its work; with it, none takes less than 16.7 ms.
  switches: ["--disable-frame-rate-limit", "--disable-gpu-vsync"],
});
const { page } = dashboard;
await dashboard.setTheme("dark");
await page.locator("#root[data-points]").waitFor({ timeout: 120_000 });
await page.getByRole("tab", { name: "Tensors" }).click();
await page.getByRole("button", { name: "Unfold all" }).click();
console.log(`10,002 tensors in ${BLOCKS} blocks, ${STEPS} steps; medians, then 99th percentiles, in ms`);
for (const height of ["18", "6", "2"]) {
  await page.getByLabel("Height of rows").selectOption(height);
  await settle();
  const redraw = await measure("redraw", 60);
  const scroll = await measure("scroll", 120);
  console.log(`rows of ${height} px: redraw ${redraw}, scroll by frames ${scroll}, zoom ${await measure("zoom", 40)}`);
}
await dashboard.close();

/** Until nothing that is on screen is missing. */
async function settle(): Promise<void> {
  for (let before = -1; before !== dashboard.said.length;) {
    before = dashboard.said.length;
    await page.waitForTimeout(700);
  }
}

/** Times of one kind of work in the page: `redraw` and `zoom` by the clock around it, `scroll` from frame to frame. */
async function measure(kind: "redraw" | "scroll" | "zoom", times: number): Promise<string> {
  const found = await page.evaluate<number[]>(`(async () => {
    const scroller = document.querySelector(".heat-scroller");
    const canvas = document.querySelector(".heat-canvas");
    const frame = () => new Promise(requestAnimationFrame);
    const times = [];
    await frame();
    for (let turn = 0; turn < ${times}; turn += 1) {
      const start = performance.now();
      if ("${kind}" === "redraw") {
        scroller.dispatchEvent(new Event("scroll"));
        canvas.getContext("2d").getImageData(0, 0, 1, 1);
        times.push(performance.now() - start);
        await frame();
      } else if ("${kind}" === "zoom") {
        const { left, width, top } = canvas.getBoundingClientRect();
        const at = { clientX: left + width * 0.6, clientY: top + 5, ctrlKey: true, deltaY: turn % 20 < 10 ? -90 : 90 };
        canvas.dispatchEvent(new WheelEvent("wheel", at));
        canvas.getContext("2d").getImageData(0, 0, 1, 1);
        times.push(performance.now() - start);
        await frame();
      } else {
        scroller.scrollTop += 60;
        await frame();
        times.push(performance.now() - start);
      }
    }
    return times;
  })()`);
  const sorted = found.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(1);
  return `${at(0.5)} / ${at(0.99)}`;
}
