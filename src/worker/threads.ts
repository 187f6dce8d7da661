import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { batchCount, isBatchDone, stop } from "./threadTask.ts";
import type { ThreadFailure, ThreadTask } from "./threadTask.ts";

// Bundled there is no import.meta, and the thread's program lies beside the bundle.
const PROGRAM =
  import.meta.dirname === undefined ? join(__dirname, "thread.cjs") : join(import.meta.dirname, "thread.ts");

/**
 * Runs the batches of a task on up to `count` threads; settles when all have ended. When the signal is aborted or a thread
 * fails it rejects at once and ends the others.
 */
export async function runThreads(task: ThreadTask, count: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const threads = Array.from(
    { length: Math.min(count, batchCount(task)) },
    () => new Worker(PROGRAM, { workerData: task }),
  );
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([aborted, Promise.all(threads.map(ended))]);
    for (let batch = 0; batch < batchCount(task); batch += 1) {
      if (!isBatchDone(task, batch)) {
        throw new Error("A reduction thread ended before its work was done.");
      }
    }
  } finally {
    if (onAbort !== undefined) {
      signal?.removeEventListener("abort", onAbort);
    }
    stop(task);
    threads.forEach((thread) => void thread.terminate()); // A read that hangs must not keep the caller waiting.
  }
}

async function ended(thread: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.once("message", ({ failure }: ThreadFailure) => reject(new Error(failure)));
    thread.once("error", reject);
    thread.once("exit", () => resolve());
  });
}
