/** One request in a process of its own: `stretchOf.ts KIND PATH` prints the longest stretch without a turn, and the whole. */
import { serialize } from "node:v8";
import type { LogBatch, LogPosition } from "#core/log.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import { answer } from "#worker/answer.ts";

const LOOK_MS = 2;

const [kind = "", path = ""] = process.argv.slice(2);
let longestMs = 0;
let before = process.threadCpuUsage();
const timer = setInterval(look, LOOK_MS);

function look(): void {
  const now = process.threadCpuUsage();
  longestMs = Math.max(longestMs, (now.user + now.system - before.user - before.system) / 1000);
  before = now;
}

async function ask(request: WorkerRequest): Promise<unknown> {
  const found = await answer(request, { signal: new AbortController().signal, onProgress: send });
  send(found);
  return found;
}

/** As far as this process is busy with it. */
function send(message: unknown): void {
  serialize(message);
}

async function run(): Promise<void> {
  switch (kind) {
    case "indexCheckpoint":
      return void (await ask({ kind, path }));
    case "computeNorms":
      return void (await ask({ kind, path, threads: 2, hasAlternatives: true }));
    case "compareCheckpoints":
      return void (await ask({ kind, before: path, after: path, threads: 2 }));
    case "measureAdam":
      return void (await ask({ kind, path, threads: 2 }));
    default:
      return readLog();
  }
}

async function readLog(): Promise<void> {
  let position: LogPosition | null = null;
  for (let more = true; more;) {
    const batch: LogBatch = (await ask({ kind: "readLog", path, position })) as LogBatch;
    ({ position, more } = batch);
  }
}

const start = process.threadCpuUsage();
await run();
await new Promise((resolve) => {
  setTimeout(resolve, 2 * LOOK_MS);
});
look();
clearInterval(timer);
const whole = (before.user + before.system - start.user - start.system) / 1000;
console.log(`${longestMs.toFixed(0)} | ${whole.toFixed(0)}`);
process.exit(0);
