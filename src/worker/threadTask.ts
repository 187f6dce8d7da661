import type { ReducibleDType } from "#reduction/engine.ts";
import type { Statistics } from "#reduction/statistics.ts";

/**
 * What the threads of one computation share. Pieces are chunks of tensors in the order of the tensors; batches are pieces
 * that follow each other. A thread takes the next batch until there is none, and leaves each piece's statistics in its place,
 * so who took it leaves no trace in the result.
 */
export interface ThreadTask {
  readonly engine: "simd" | "onnxruntime";
  readonly files: readonly { readonly path: string; readonly id: string }[];
  readonly dtypes: readonly ReducibleDType[];
  /** For each piece: file, offset, bytes, dtype. */
  readonly pieces: Float64Array;
  /** First piece of each batch, and the end. */
  readonly batches: Uint32Array;
  /** For each piece its statistics, in shared memory. */
  readonly results: Float64Array;
  /** For each batch 1 when its results are there; then the next batch, 1 when all shall stop, 1 when a thread works. In shared memory. */
  readonly state: Int32Array;
}

/** To a thread that is not needed any more. */
export const END = "end";

/** From a thread, when there is no more for it to do. */
export type ThreadReport = { readonly kind: "finished" } | { readonly kind: "failed"; readonly reason: string };

export const PIECE_FIELDS = 4;
export const RESULT_FIELDS = 8;

export function batchCount({ batches }: ThreadTask): number {
  return batches.length - 1;
}

export function isBatchDone({ state }: ThreadTask, batch: number): boolean {
  return Atomics.load(state, batch) === 1;
}

export function finishBatch({ state }: ThreadTask, batch: number): void {
  Atomics.store(state, batch, 1);
}

/** The next batch that no thread has taken; nothing when there is none or all shall stop. */
export function takeBatch(task: ThreadTask): number | undefined {
  const batch = Atomics.add(task.state, batchCount(task), 1);
  return batch < batchCount(task) && !isStopped(task) ? batch : undefined;
}

export function isStopped(task: ThreadTask): boolean {
  return Atomics.load(task.state, batchCount(task) + 1) === 1;
}

export function stop(task: ThreadTask): void {
  Atomics.store(task.state, batchCount(task) + 1, 1);
}

export function sayStarted(task: ThreadTask): void {
  Atomics.store(task.state, batchCount(task) + 2, 1);
}

/** Whether a thread works already. */
export function isStarted(task: ThreadTask): boolean {
  return Atomics.load(task.state, batchCount(task) + 2) === 1;
}

export function writeResult({ results }: ThreadTask, piece: number, statistics: Statistics): void {
  const { squares, maxAbs, nan, posInf, negInf, firstNonFinite } = statistics;
  const { big, medium, small } = squares;
  results.set([big, medium, small, maxAbs, nan, posInf, negInf, firstNonFinite ?? -1], piece * RESULT_FIELDS);
}

export function readResult({ results }: ThreadTask, piece: number): Statistics {
  const at = piece * RESULT_FIELDS;
  const [big = 0, medium = 0, small = 0, maxAbs = 0, nan = 0, posInf = 0, negInf = 0, first = -1] = results.subarray(
    at,
    at + RESULT_FIELDS,
  );
  return { squares: { big, medium, small }, maxAbs, nan, posInf, negInf, firstNonFinite: first < 0 ? null : first };
}

/** What a thread is sent is not typed; only threads.ts sends anything. */
export function isThreadTask(data: unknown): data is ThreadTask {
  return typeof data === "object" && data !== null && "pieces" in data && "state" in data;
}
