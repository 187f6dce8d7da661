import type { Language } from "#l10n/language.ts";
import type { ReducibleDType } from "#reduction/engine.ts";
import { EXPONENTS, type FullSums } from "#reduction/fullSums.ts";
import type { Statistics } from "#reduction/statistics.ts";

/** Batches of pieces, each for the thread that takes it first. */
export interface SharedBatches {
  /** First piece of each batch, and the end. */
  readonly batches: Uint32Array;
  /** For each batch 1 when its results are there, then `NEXT_BATCH`, `STOPPED` and `STARTED`. In shared memory. */
  readonly state: Int32Array;
}

/** Batches of pieces that lie in files. */
export interface FileBatches extends SharedBatches {
  readonly files: readonly SharedFile[];
}

/** A file that threads open again. */
export interface SharedFile {
  readonly path: string;
  readonly id: string;
}

/**
 * What the threads of one computation share. Pieces are chunks of tensors in the order of the tensors; batches are pieces
 * that follow each other. A thread takes the next batch until there is none, and leaves each piece's statistics in its place,
 * so who took it leaves no trace in the result.
 */
export interface ThreadTask extends FileBatches {
  readonly engine: "simd" | "onnxruntime";
  readonly dtypes: readonly ReducibleDType[];
  /** For each piece: file, offset, bytes, dtype. */
  readonly pieces: Float64Array;
  /** For each piece its statistics, in shared memory. */
  readonly results: Float64Array;
  /** For each piece what `--full` adds, in shared memory. */
  readonly fulls: ThreadFulls | null;
}

export interface ThreadFulls {
  readonly sums: Float64Array;
  readonly exponents: Uint32Array;
}

/** To a thread that is not needed any more. */
export const END = "end";

/** From a thread, when there is no more for it to do. */
export type ThreadReport = { readonly kind: "finished" } | { readonly kind: "failed"; readonly reason: string };

export const PIECE_FIELDS = 4;
export const RESULT_FIELDS = 8;

// Places in the state behind those of the batches: the batch to be taken next, 1 when all shall stop, 1 when a thread works.
const NEXT_BATCH = 0;
const STOPPED = 1;
const STARTED = 2;
const PLACES_BEHIND = 3;

/** For so many batches, in shared memory. */
export function createState(batches: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer((batches + PLACES_BEHIND) * 4));
}

export function batchCount({ batches }: SharedBatches): number {
  return batches.length - 1;
}

export function isBatchDone({ state }: SharedBatches, batch: number): boolean {
  return Atomics.load(state, batch) === 1;
}

export function finishBatch({ state }: SharedBatches, batch: number): void {
  Atomics.store(state, batch, 1);
}

/** The next batch that no thread has taken; nothing when there is none or all shall stop. */
export function takeBatch(task: SharedBatches): number | undefined {
  const batch = Atomics.add(task.state, batchCount(task) + NEXT_BATCH, 1);
  return batch < batchCount(task) && !isStopped(task) ? batch : undefined;
}

export function isStopped(task: SharedBatches): boolean {
  return Atomics.load(task.state, batchCount(task) + STOPPED) === 1;
}

export function stop(task: SharedBatches): void {
  Atomics.store(task.state, batchCount(task) + STOPPED, 1);
}

export function sayStarted(task: SharedBatches): void {
  Atomics.store(task.state, batchCount(task) + STARTED, 1);
}

/** Whether a thread works already. */
export function isStarted(task: SharedBatches): boolean {
  return Atomics.load(task.state, batchCount(task) + STARTED) === 1;
}

export function writeResult({ results }: ThreadTask, piece: number, statistics: Statistics): void {
  const { squares, maxAbs, nan, posInf, negInf, firstNonFinite } = statistics;
  const at = piece * RESULT_FIELDS;
  results[at] = squares.big;
  results[at + 1] = squares.medium;
  results[at + 2] = squares.small;
  results[at + 3] = maxAbs;
  results[at + 4] = nan;
  results[at + 5] = posInf;
  results[at + 6] = negInf;
  results[at + 7] = firstNonFinite ?? -1;
}

export function readResult({ results }: ThreadTask, piece: number): Statistics {
  const at = piece * RESULT_FIELDS;
  const field = (index: number): number => results[at + index] ?? 0;
  const first = field(7);
  return {
    squares: { big: field(0), medium: field(1), small: field(2) },
    maxAbs: field(3),
    nan: field(4),
    posInf: field(5),
    negInf: field(6),
    firstNonFinite: first < 0 ? null : first,
  };
}

const FULL_SUMS = 3;

export function createFulls(pieces: number): ThreadFulls {
  return {
    sums: new Float64Array(new SharedArrayBuffer(pieces * FULL_SUMS * 8)),
    exponents: new Uint32Array(new SharedArrayBuffer(pieces * EXPONENTS * 4)),
  };
}

export function writeFull(fulls: ThreadFulls, piece: number, { l1, sum, zeros, exponents }: FullSums): void {
  fulls.sums.set([l1, sum, zeros], piece * FULL_SUMS);
  fulls.exponents.set(exponents, piece * EXPONENTS);
}

export function readFull(fulls: ThreadFulls, piece: number): FullSums {
  const [l1 = 0, sum = 0, zeros = 0] = fulls.sums.subarray(piece * FULL_SUMS, (piece + 1) * FULL_SUMS);
  return { l1, sum, zeros, exponents: fulls.exponents.subarray(piece * EXPONENTS, (piece + 1) * EXPONENTS) };
}

/** Where a piece's bytes are. */
export interface PieceRange {
  readonly file: number;
  readonly offset: number;
  readonly bytes: number;
  readonly dtype: ReducibleDType | undefined;
}

export function pieceRange({ pieces, dtypes }: ThreadTask, piece: number): PieceRange {
  const at = piece * PIECE_FIELDS;
  return {
    file: pieces[at] ?? 0,
    offset: pieces[at + 1] ?? 0,
    bytes: pieces[at + 2] ?? 0,
    dtype: dtypes[pieces[at + 3] ?? 0],
  };
}

/** What a thread is given as it starts. */
export interface ThreadStart {
  /** Of its messages. */
  readonly language: Language;
  /** Where it shows what it does (`pulse.ts`). */
  readonly pulse: Int32Array;
}

export function isThreadStart(data: unknown): data is ThreadStart {
  return typeof data === "object" && data !== null && "language" in data && "pulse" in data;
}

/** What a thread is sent is not typed; only threads.ts sends anything. */
export function isThreadTask(data: unknown): data is ThreadTask {
  return typeof data === "object" && data !== null && "pieces" in data && "state" in data;
}
