/**
 * The dashboard's timeline with ten runs of a million points: first paint, frames while panning and zooming, append to
 * paint, memory. The page is the built one, alone in Chromium; what it gets is what the extension host would send.
 */
import { readFileSync } from "node:fs";
import { launchChromium } from "../.ci/chromium.mjs";
import { createTensorFeed } from "../src/host/dashboard/tensorFeed.ts";
import { describeOverlay } from "../src/host/dashboard/overlay.ts";
import { describeRun } from "../src/host/dashboard/dashboardModel.ts";
import type { LogBatch } from "../src/core/log.ts";
import { createRun } from "../src/store/run.ts";
import type { Run } from "../src/store/run.ts";
import { openWebviewPage } from "../test/support/webviewPage.ts";
import type { WebviewPage } from "../test/support/webviewPage.ts";

const RUNS = 10;
const POINTS = 1_000_000;
const FRAMES = 240;
const APPENDS = 30;
const NAMES = { ofRun: (id: string): string => id, ofFile: (path: string): string => path };

const runs = Array.from({ length: RUNS }, (_, index) => createMillion(index));
for (const layout of [
  { name: "6 overlaid", others: 5, isSideBySide: false },
  { name: "10 side by side", others: 9, isSideBySide: true },
]) {
  await measure(layout);
}

interface Layout {
  readonly name: string;
  readonly others: number;
  readonly isSideBySide: boolean;
}

async function measure({ name, others, isSideBySide }: Layout): Promise<void> {
  // Without the limit a frame takes as long as its work; with it, none takes less than 16.7 ms.
  const browser = await launchChromium(["--disable-frame-rate-limit", "--disable-gpu-vsync"]);
  const shown = runs.slice(0, others + 1);
  const ids = shown.map(({ id }) => id);
  const timeline = { axis: "step", smoothing: 0, others: ids.slice(1), isSideBySide };
  const state = { version: 1, tab: "timeline", tabStates: { timeline } };
  const view = await openWebviewPage("dashboard", { browser, state });
  const firstPaintMs = await firstPaint(view, shown);
  const panning = await frames(
    view,
    "new WheelEvent('wheel', { deltaX: frame % 60 < 30 ? 40 : -40, bubbles: true, cancelable: true, clientX: 500, clientY: 300 })",
  );
  const zooming = await frames(
    view,
    "new WheelEvent('wheel', { deltaY: frame % 40 < 20 ? -120 : 120, bubbles: true, cancelable: true, clientX: 500, clientY: 300 })",
  );
  const appends = await appendTimes(view);
  console.log(`${name}, ${POINTS.toLocaleString("en")} points each`);
  console.log(`  first paint       ${firstPaintMs.toFixed(0)} ms`);
  console.log(`  frame, panning    ${describe(panning)}`);
  console.log(`  frame, zooming    ${describe(zooming)}`);
  console.log(`  append to paint   ${describe(appends)}`);
  console.log(`  page's process    ${(await rendererMemory(view)).toFixed(0)} MB`);
  await browser.close();
}

/** From the arrival of the first message to the frame that shows all runs. */
async function firstPaint(view: WebviewPage, [own, ...others]: readonly Run[]): Promise<number> {
  const names = [own, ...others].flatMap((run) => (run === undefined ? [] : [{ id: run.id, name: run.id }]));
  if (own === undefined) {
    throw new Error("There is no run to show.");
  }
  const messages: unknown[] = [{ kind: "replace", sequence: 1, runs: names, run: describeRun(own, NAMES, []) }];
  for (const other of others) {
    const answer = describeOverlay(other, { kind: "overlay", runId: other.id, token: 0, sent: 0 });
    messages.push({ kind: "timeline", answer });
  }
  for (const message of messages) {
    await view.stage(message);
  }
  return view.page.evaluate(`(async () => {
    const start = performance.now();
    window.staged.splice(0).forEach((message) => window.dispatchEvent(new MessageEvent("message", { data: message })));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - start;
  })()`);
}

/** Milliseconds from frame to frame while each has a movement to draw. */
async function frames(view: WebviewPage, event: string): Promise<readonly number[]> {
  await view.page.locator(".charts").focus();
  for (let press = 0; press < 4; press++) {
    await view.page.keyboard.press("+");
  }
  const times: number[] = await view.page.evaluate(`(async () => {
    const target = document.querySelector(".panel .u-over");
    const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
    const times = [];
    await nextFrame();
    let last = performance.now();
    for (let frame = 0; frame < ${FRAMES}; frame++) {
      target.dispatchEvent(${event}); // Drawn in the next frame.
      await nextFrame();
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    return times;
  })()`);
  await view.page.keyboard.press("0");
  return times;
}

/** One more point, as the host sends it, to the frame that shows it. */
async function appendTimes(view: WebviewPage): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < APPENDS; index++) {
    const series = [
      { role: "globalNorm", name: "grad_norm", steps: Float64Array.of(POINTS + index), values: Float64Array.of(1) },
    ];
    const none = { keep: 0, items: [] };
    const tensors = createTensorFeed().changes(createRun(""), 0);
    await view.stage({ kind: "append", sequence: index + 2, series, findings: none, checkpoints: none, tensors });
    times.push(
      await view.page.evaluate(`(async () => {
        const start = performance.now();
        window.dispatchEvent(new MessageEvent("message", { data: window.staged.pop() }));
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return performance.now() - start;
      })()`),
    );
  }
  return times;
}

/** Resident memory of the largest renderer process, in MB, without what is only waiting to be collected. */
async function rendererMemory({ page }: WebviewPage): Promise<number> {
  const browser = page.context().browser();
  if (browser === null) {
    return Number.NaN;
  }
  const pageSession = await page.context().newCDPSession(page);
  await pageSession.send("HeapProfiler.collectGarbage");
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => residentMegabytes(id));
  return Math.max(...sizes);
}

function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000;
  } catch {
    return Number.NaN; // Not Linux.
  }
}

/** Noise around a slow curve, a spike and a NaN; another for each run. */
function createMillion(index: number): Run {
  const steps = Float64Array.from({ length: POINTS }, (_, step) => step);
  let seed = index + 1;
  const values = steps.map((step) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const noise = Math.exp(0.4 * (seed / 2 ** 32 - 0.5));
    return step === 345_678
      ? Number.NaN
      : noise * (1 + index / 4 + 5 * Math.exp(-step / 5e4)) * (step === 654_321 ? 50 : 1);
  });
  const run = createRun(`run ${index}`);
  const chunk = { kind: "globalNorm", name: "grad_norm", tensor: null, steps, values, lines: steps } as const;
  const position = { format: "jsonl", offset: 1, line: 1, identity: "1", carry: "" } as const;
  const batch: LogBatch = {
    chunks: [chunk],
    position,
    restarted: false,
    more: false,
    clipThreshold: null,
    problems: [],
  };
  run.append({ path: `/run${index}/log.jsonl`, format: "jsonl" }, batch);
  return run;
}

function describe(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
  return `${at(0.5)} ms median, ${at(0.99)} ms p99`;
}
