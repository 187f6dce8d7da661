import { parentPort, workerData } from "node:worker_threads";
import { describeError } from "./errors.ts";
import { reduceBatches } from "./reduceBatches.ts";
import { isThreadTask } from "./threadTask.ts";
import type { ThreadFailure } from "./threadTask.ts";

// A thread of one computation: reduces batches until there are none, then ends.

const task: unknown = workerData;

if (isThreadTask(task)) {
  reduceBatches(task).catch((error: unknown) => {
    parentPort?.postMessage({ failure: describeError(error) } satisfies ThreadFailure);
  });
}
