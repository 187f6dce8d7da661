import { parentPort } from "node:worker_threads";
import { openBlockingSource } from "#files/blockingSource.ts";
import type { BlockingSource } from "#files/blockingSource.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { describeError } from "./errors.ts";
import { createThreadEngine } from "./threadEngine.ts";
import { reduceBatches } from "./reduceBatches.ts";
import { END, isThreadTask, sayStarted } from "./threadTask.ts";
import type { ThreadReport, ThreadTask } from "./threadTask.ts";

// A thread that reduces batches of one task after another. Between tasks it keeps its engines and nothing else.

const engines = new Map<ThreadTask["engine"], Promise<ReductionEngine>>();

// Every thread has its own; some systems let a process open 1024.
const MAX_OPEN_FILES = 50;

parentPort?.on("message", (task: unknown) => void (task === END ? end() : run(task))); // They never reject.

async function end(): Promise<void> {
  await Promise.allSettled(Array.from(engines.values(), async (creating) => (await creating).dispose()));
  parentPort?.close();
}

async function run(task: unknown): Promise<void> {
  let report: ThreadReport = { kind: "finished" };
  try {
    await work(task);
  } catch (error) {
    report = { kind: "failed", reason: describeError(error) };
  }
  parentPort?.postMessage(report);
}

async function work(task: unknown): Promise<void> {
  if (!isThreadTask(task)) {
    throw new Error("A reduction thread was given something that is no task.");
  }
  const creating = engines.get(task.engine) ?? createThreadEngine(task.engine);
  engines.set(task.engine, creating);
  const engine = await creating;
  const sources = new Map<number, BlockingSource>();
  const sourceOf = (file: number): BlockingSource => {
    const { path = "", id = "" } = task.files[file] ?? {};
    const known = sources.get(file);
    const [oldest] = sources;
    if (known === undefined && oldest !== undefined && sources.size >= MAX_OPEN_FILES) {
      sources.delete(oldest[0]);
      oldest[1].close();
    }
    const source = known ?? openBlockingSource(path, id);
    sources.set(file, source);
    return source;
  };
  sayStarted(task);
  try {
    await reduceBatches(task, {
      engine,
      readInto: (file, target, offset) => sourceOf(file).readInto(target, offset),
      readsAhead: false,
      isNeeded: () => true,
    });
  } finally {
    sources.forEach((source) => source.close());
  }
}
