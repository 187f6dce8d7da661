/**
 * One more step of 10,000 tensors: what the host computes for it, what crosses the wire, and how long the page takes until
 * it has drawn: `node esbuild.config.mjs && node bench/liveTensors.ts`. The page is the built one, alone in Chromium.
 */
import { createTensorFeed } from "../src/host/dashboard/tensorFeed.ts";
import { describeRun, countSamples, newSamples } from "../src/host/dashboard/dashboardModel.ts";
import { createRunStore } from "../src/store/runStore.ts";
import { layeredRun } from "../test/support/layeredRun.ts";
import { GLOBAL, batch, chunk, tensorKey } from "../test/support/logs.ts";
import { openWebviewPage } from "../test/support/webviewPage.ts";

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
const NAMES = { ofRun: (id: string): string => id, ofFile: (path: string): string => path };
const STEPS = 200;
const APPENDS = 20;
/** As the host gives them in one message. */
const QUANTILES_MS = 20;

const store = createRunStore();
const run = layeredRun(store, { blocks: 2000, steps: STEPS });
const names = [...run.tensors().keys()];
const view = await openWebviewPage("dashboard");
const whole = describeRun(run, NAMES, []);
const feed = createTensorFeed();
feed.told(run, whole.tensors);
await view.send({ kind: "replace", sequence: 1, runs: [{ id: run.id, name: "run" }], run: whole });
await view.page.locator("#root[data-points]").waitFor();

const cdp = await view.page.context().newCDPSession(view.page);
await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
const none = { keep: 0, items: [] };
const made: number[] = [];
const drawn: number[] = [];
const worked: number[] = [];
let bytes = 0;
for (let index = 0; index < APPENDS; index += 1) {
  const step = STEPS + 1 + index;
  const sent = countSamples(run);
  const norms = names.map((name, tensor) => chunk(tensorKey(name), [step], [1 + Math.sin(step + tensor) ** 2]));
  store.append(run.id, LOG, batch([chunk(GLOBAL, [step], [100]), ...norms]));
  const before = process.cpuUsage();
  const tensors = feed.changes(run, QUANTILES_MS);
  const { user, system } = process.cpuUsage(before);
  made.push((user + system) / 1000);
  const columns = Object.values(tensors).filter((column) => ArrayBuffer.isView(column));
  bytes = columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const series = newSamples(run, sent);
  await view.stage({ kind: "append", sequence: index + 2, series, findings: none, checkpoints: none, tensors });
  const spentMs = await spent();
  drawn.push(
    await view.page.evaluate<number>(`(async () => {
      const start = performance.now();
      window.dispatchEvent(new MessageEvent("message", { data: window.staged.pop() }));
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return performance.now() - start;
    })()`),
  );
  worked.push((await spent()) - spentMs);
}
console.log(`${names.length} tensors of ${STEPS} steps, ${APPENDS} appends of one step`);
console.log(`  made by the host  ${describe(made)} of the processor, of which up to ${QUANTILES_MS} ms for quantiles`);
console.log(`  on the wire       ${(bytes / 1000).toFixed(0)} KB and some quantiles`);
console.log(`  arrival to paint  ${describe(drawn)} by the clock, ${describe(worked)} of the processor`);
await view.close();

/** Milliseconds of processor time that the page has taken so far. */
async function spent(): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
}

function describe(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(0);
  return `${at(0.5)} ms median, ${at(0.9)} ms p90`;
}
