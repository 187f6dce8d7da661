import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { batchCount, isBatchDone, stop } from "./threadTask.ts";
import type { ThreadFailure, ThreadTask } from "./threadTask.ts";

// Bundled there is no import.meta, and the thread's program lies beside the bundle.
const PROGRAM =
  import.meta.dirname === undefined ? join(__dirname, "thread.cjs") : join(import.meta.dirname, "thread.ts");

export interface RunOptions {
  /** Besides this one. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** What this thread does meanwhile. */
  readonly own: () => Promise<void>;
}

/**
 * Runs the batches of a task on some threads; settles when all have ended. When the signal is aborted or a thread fails it
 * rejects at once and ends the others.
 */
export async function runThreads(task: ThreadTask, { threads: count, signal, own }: RunOptions): Promise<void> {
  signal?.throwIfAborted();
  const threads = Array.from(
    { length: Math.min(count, batchCount(task)) },
    () => new Worker(PROGRAM, { workerData: task }),
  );
  const aborted = abortOf(signal);
  try {
    await Promise.race([aborted.promise, Promise.all([own(), ...threads.map(ended)])]);
    if (!isDone(task)) {
      throw new Error("A reduction thread ended before its work was done.");
    }
  } finally {
    aborted.dispose();
    stop(task);
    threads.forEach((thread) => void thread.terminate()); // A read that hangs must not keep the caller waiting.
  }
}

function abortOf(signal: AbortSignal | undefined): { readonly promise: Promise<never>; readonly dispose: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  return { promise, dispose: () => signal?.removeEventListener("abort", onAbort) };
}

function isDone(task: ThreadTask): boolean {
  return Array.from({ length: batchCount(task) }, (_, batch) => isBatchDone(task, batch)).every(Boolean);
}

async function ended(thread: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.once("message", ({ failure }: ThreadFailure) => reject(new Error(failure)));
    thread.once("error", reject);
    thread.once("exit", () => resolve());
  });
}
