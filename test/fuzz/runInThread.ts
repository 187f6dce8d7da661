import process from "node:process";
import { Worker } from "node:worker_threads";
import type { BuiltTargets } from "./buildTargets.ts";
import type { Explored, Finding } from "./explore.ts";
import { timeLimitMs } from "./limits.ts";
import { RUNNING_HEAD_BYTES } from "./running.ts";
import type { FromThread, Order } from "./thread.ts";

export interface Task {
  readonly built: BuiltTargets;
  readonly target: string;
  readonly seconds: number;
  readonly maxExecutions?: number;
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  readonly onKept: (input: Uint8Array) => void;
  readonly onBroken: (finding: Finding) => void;
}

export interface Done {
  readonly explored: Explored;
  readonly findings: number;
}

const MAX_SHOWN_BYTES = 2 ** 20;
const LOOK_EVERY_MS = 250;
// Of processor time, far above the promise: a thread that the machine gives no time is no finding.
const HANGS_AFTER_LIMITS = 15;
// What Node ends with where something is waited for that cannot come any more.
const NEVER_SETTLED = 13;
const HEAP_MIB = 1024;
const NOTHING: Explored = { executions: 0, seconds: 0, kept: 0, blocks: 0, outcomes: {} };

/** Explores in a thread of its own, which may hang or run out of memory: that is a finding, too, and another goes on. */
export async function runInThread(task: Task): Promise<Done> {
  let findings = 0;
  let left = task.seconds;
  let { seed } = task;
  const onBroken = (finding: Finding): void => {
    findings += 1;
    task.onBroken(finding);
  };
  for (;;) {
    const startMs = performance.now();
    const explored = await runOnce({ ...task, seconds: left, seed, onBroken });
    left -= (performance.now() - startMs) / 1000;
    if (explored !== undefined || left <= 0 || findings > MAX_FINDINGS) {
      return { explored: explored ?? NOTHING, findings };
    }
    seed += 1;
  }
}

const MAX_FINDINGS = 20;

/** Undefined when the thread had to be ended. */
async function runOnce(task: Task): Promise<Explored | undefined> {
  const running = new SharedArrayBuffer(RUNNING_HEAD_BYTES + MAX_SHOWN_BYTES);
  const { target, seconds, maxExecutions = Infinity, seed, corpus, built } = task;
  const order: Order = {
    target,
    seconds,
    maxExecutions,
    seed,
    corpus,
    usedCounters: built.counters,
    literals: built.literals,
    running,
  };
  const thread = new Worker(built.path, { workerData: order, resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB } });
  const watch = watchRunning(running, (input) => {
    task.onBroken({ promise: "time", what: `did not end in ${HANGS_AFTER_LIMITS} times its time`, input });
    void thread.terminate();
  });
  try {
    return await new Promise((resolve, reject) => {
      thread.on("message", (message: FromThread) => {
        switch (message.kind) {
          case "kept":
            return task.onKept(message.input);
          case "broken":
            return task.onBroken(message.finding);
          case "explored":
            return resolve(message.explored);
        }
      });
      thread.on("error", (error: Error & { code?: string }) => {
        if (watch.executions() === 0) {
          reject(error);
          return;
        }
        task.onBroken({ promise: "throws", what: `beside: ${error.stack ?? error.message}`, input: watch.input() });
      });
      thread.on("exit", (code) => {
        if (code === NEVER_SETTLED) {
          task.onBroken({ promise: "settles", what: "never came to an end", input: watch.input() });
        }
        resolve(undefined);
      });
    });
  } finally {
    watch.dispose();
    await thread.terminate();
  }
}

interface Watch {
  readonly executions: () => number;
  readonly input: () => Uint8Array;
  readonly dispose: () => void;
}

function watchRunning(running: SharedArrayBuffer, onHang: (input: Uint8Array) => void): Watch {
  const head = new Int32Array(running, 0, 2);
  const input = (): Uint8Array => new Uint8Array(running, RUNNING_HEAD_BYTES, head[1]).slice();
  let [last, since] = [0, processorMs()];
  const timer = setInterval(() => {
    const executions = Atomics.load(head, 0);
    if (executions !== last || executions === 0) {
      [last, since] = [executions, processorMs()];
    } else if (processorMs() - since > HANGS_AFTER_LIMITS * timeLimitMs(head[1] ?? 0)) {
      since = Infinity;
      onHang(input());
    }
  }, LOOK_EVERY_MS);
  return { executions: () => Atomics.load(head, 0), input, dispose: () => clearInterval(timer) };
}

/** Of all threads: while one explores the others have nothing to do. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
