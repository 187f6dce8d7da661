import { parentPort } from "node:worker_threads";
import { openBlockingSource } from "#files/blockingSource.ts";
import type { BlockingSource } from "#files/blockingSource.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";
import { describeError, valueOf } from "./errors.ts";
import { reduceBatches } from "./reduceBatches.ts";
import { isThreadTask, sayStarted } from "./threadTask.ts";
import type { ThreadReport } from "./threadTask.ts";

// A thread that reduces batches of one task after another. Between tasks it keeps its engine and nothing else.

const creating = createSimdEngine();

parentPort?.on("message", (task: unknown) => void run(task)); // It never rejects.

async function run(task: unknown): Promise<void> {
  let report: ThreadReport = { kind: "finished" };
  try {
    await work(valueOf(await creating, "simd"), task);
  } catch (error) {
    report = { kind: "failed", reason: describeError(error) };
  }
  parentPort?.postMessage(report);
}

async function work(engine: ReductionEngine, task: unknown): Promise<void> {
  if (!isThreadTask(task)) {
    throw new Error("A reduction thread was given something that is no task.");
  }
  const sources = new Map<number, BlockingSource>();
  const sourceOf = (file: number): BlockingSource => {
    const { path = "", id = "" } = task.files[file] ?? {};
    const source = sources.get(file) ?? openBlockingSource(path, id);
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
