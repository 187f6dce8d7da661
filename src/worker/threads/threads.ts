import type { Worker } from "node:worker_threads";
import { t } from "@vscode/l10n";
import { endThread, giveTask, keepThread, takeThread } from "./threadPool.ts";
import { batchCount, isBatchDone, stop } from "./threadTask.ts";
import type { FileBatches, SharedBatches, ThreadReport } from "./threadTask.ts";

export interface RunOptions {
  /** Besides this one. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** What this thread does meanwhile. */
  readonly own: () => Promise<void>;
}

/**
 * Runs the batches of a task on some threads; settles when all are done. When the signal is aborted or a thread fails it
 * rejects at once, and the others stop as soon as their pieces are done.
 */
export async function runThreads(task: FileBatches, { threads: count, signal, own }: RunOptions): Promise<void> {
  signal?.throwIfAborted();
  const busy = new Set(Array.from({ length: Math.min(count, batchCount(task)) }, takeThread));
  const aborted = abortOf(signal);
  const finished = Array.from(busy, async (thread) => {
    const end = await runTask(thread, task);
    busy.delete(thread);
    if (end.kind === "finished") {
      keepThread(thread);
    } else if (end.kind === "failed") {
      endThread(thread);
      throw new Error(end.reason);
    }
  });
  try {
    await Promise.race([aborted.promise, Promise.all([own(), ...finished])]);
    if (!isDone(task)) {
      throw new Error(t("A reduction thread ended before its work was done."));
    }
  } finally {
    aborted.dispose();
    stop(task);
    // They end with their piece and then wait for others; terminating one inside onnxruntime would abort the process.
    busy.forEach((thread) => thread.unref());
  }
}

function abortOf(signal: AbortSignal | undefined): { readonly promise: Promise<never>; readonly dispose: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  return { promise, dispose: () => signal?.removeEventListener("abort", onAbort) };
}

function isDone(task: SharedBatches): boolean {
  return Array.from({ length: batchCount(task) }, (_, batch) => isBatchDone(task, batch)).every(Boolean);
}

/** How a thread was done with a task; one that has ended is not there any more. */
type TaskEnd = ThreadReport | { readonly kind: "ended" };

async function runTask(thread: Worker, task: FileBatches): Promise<TaskEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<TaskEnd>();
  const onExit = (): void => resolve({ kind: "ended" }); // Others may have done its work; if not, the caller sees that.
  const onError = (error: Error): void => reject(new Error(t("A reduction thread failed: {0}.", error.message)));
  thread.on("message", resolve).on("error", onError).on("exit", onExit);
  try {
    giveTask(thread, task);
    return await promise;
  } finally {
    thread.off("message", resolve).off("error", onError).off("exit", onExit);
  }
}
