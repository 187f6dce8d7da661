import { parentPort, workerData } from "node:worker_threads";
import { openBlockingSource } from "#files/blockingSource.ts";
import type { BlockingSource } from "#files/blockingSource.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";
import { describeError, valueOf } from "./errors.ts";
import { reduceBatches } from "./reduceBatches.ts";
import { isThreadTask, sayStarted } from "./threadTask.ts";
import type { ThreadFailure, ThreadTask } from "./threadTask.ts";

// A thread of one computation: reduces batches until there are none, then ends.

// Every thread has its own; some systems let a process open 1024.
const MAX_OPEN_FILES = 50;

const task: unknown = workerData;

if (isThreadTask(task)) {
  work(task).catch((error: unknown) => {
    parentPort?.postMessage({ failure: describeError(error) } satisfies ThreadFailure);
  });
}

async function work(ownTask: ThreadTask): Promise<void> {
  const engine = valueOf(await createSimdEngine(), "simd");
  const sources = new Map<number, BlockingSource>();
  const sourceOf = (file: number): BlockingSource => {
    const { path = "", id = "" } = ownTask.files[file] ?? {};
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
  sayStarted(ownTask);
  try {
    await reduceBatches(ownTask, {
      engine,
      readInto: (file, target, offset) => sourceOf(file).readInto(target, offset),
      readsAhead: false,
      isNeeded: () => true,
    });
  } finally {
    sources.forEach((source) => source.close());
  }
}
