import type { SpanSums } from "#core/spanSums.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import type { FileByteSource } from "#files/checkpoints/byteSource.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createSpanCollector } from "#reduction/spanSums.ts";
import type { SpanCollector } from "#reduction/spanSums.ts";
import type { Statistics } from "#reduction/statistics.ts";
import { reduceBatches } from "./reduceBatches.ts";
import { cutSpan, planThreads } from "./threadPlan.ts";
import type { PiecePlace, TensorSpan, ThreadPlan } from "./threadPlan.ts";
import { batchCount, isBatchDone, isStarted, PIECE_FIELDS, readFull, readResult } from "./threadTask.ts";
import { waitingThreads } from "./threadPool.ts";
import { runThreads } from "./threads.ts";

export interface ThreadOptions<S extends TensorSpan = TensorSpan> {
  /** This thread's own, which works while the others start; theirs are of the same kind. */
  readonly engine: ReductionEngine;
  readonly threads: number;
  /** The open file that a part is in. */
  readonly fileOf: (part: TensorPart) => FileByteSource;
  /** Also what `--full` adds. */
  readonly isFull: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then, in the order of the spans, with the bytes of the one that is not finished yet. */
  readonly onAdvance: (bytesOfSpan: number) => void;
  readonly onSpan: (span: S, sums: SpanSums) => void;
}

// Often enough for a smooth bar.
const LOOK_MS = 50;

/**
 * Reduces spans of tensors on several threads that share the files. Pieces are merged in their order, so the result is the
 * same bits for every number of threads. Rejects when a read fails or the signal is aborted.
 */
export async function reduceInThreads<S extends TensorSpan>(
  spans: readonly S[],
  options: ThreadOptions<S>,
): Promise<void> {
  const { isFull, fileOf } = options;
  const { name, staging } = options.engine;
  const engine = name === "onnxruntime" ? name : "simd";
  const plan = planThreads(spans, { engine, chunkElements: staging.chunkElements, isFull, fileOf });
  const look = createCollector(spans, plan, options);
  const timer = setInterval(look, LOOK_MS);
  const threads = threadsBesides(plan, options.threads);
  try {
    await runThreads(plan.task, {
      threads,
      signal: options.signal,
      own: async () => reduceHere(plan, { engine: options.engine, isAlone: threads === 0 }),
    });
  } finally {
    clearInterval(timer);
  }
  look();
}

interface OwnShare {
  readonly engine: ReductionEngine;
  readonly isAlone: boolean;
}

/**
 * This thread works alone, or until another one has started: its reads must not block, so each costs a turn of the event
 * loop and a core of its own.
 */
async function reduceHere({ task, sources }: ThreadPlan, { engine, isAlone }: OwnShare): Promise<void> {
  await reduceBatches(task, {
    engine,
    readInto: async (file, target, offset) => sources[file]?.readInto(target, offset),
    readsAhead: isAlone,
    isNeeded: () => isAlone || !isStarted(task),
  });
}

/** Threads besides this one. Each takes 30 ms to start, in which this one reduces a few hundred megabytes. */
function threadsBesides({ task, hasManySmall }: ThreadPlan, threads: number): number {
  const isWorthIt = batchCount(task) > BATCHES_ALONE || waitingThreads() > 0;
  return hasManySmall || (threads > 1 && isWorthIt) ? threads : 0;
}

const BATCHES_ALONE = 8;

/** The statistics of a piece, its index that of the tensor. */
function inPlace(statistics: Statistics, place: PiecePlace | undefined): Statistics {
  const { firstNonFinite } = statistics;
  return firstNonFinite === null || place === undefined
    ? statistics
    : { ...statistics, firstNonFinite: place.layout.indexOf(place.first + firstNonFinite) };
}

/** A function that goes on with the pieces that are done, up to the first that is not. */
function createCollector<S extends TensorSpan>(
  spans: readonly S[],
  { task, firstPieces }: ThreadPlan,
  { engine, isFull, onAdvance, onSpan }: ThreadOptions<S>,
): () => void {
  let at = 0;
  let piece = 0;
  let batch = 0;
  let current: Total | undefined;

  function isPieceDone(): boolean {
    if (piece >= (task.batches[batch + 1] ?? 0)) {
      batch += 1;
    }
    return isBatchDone(task, batch);
  }

  function addPiece(span: S, total: Total): void {
    const result = readResult(task, piece);
    if (result.firstNonFinite !== null) {
      total.places ??= Array.from(cutSpan(span, engine.staging.chunkElements(span.entry.dtype)));
    }
    const place = total.places?.[piece - (firstPieces[at] ?? 0)];
    total.sums.add(inPlace(result, place), task.fulls === null ? undefined : readFull(task.fulls, piece));
    total.bytes += task.pieces[piece * PIECE_FIELDS + 2] ?? 0;
  }

  return () => {
    for (let span = spans[at]; span !== undefined; span = spans[at]) {
      current ??= startTotal(span, isFull);
      for (const end = firstPieces[at + 1] ?? 0; piece < end; piece += 1) {
        if (!isPieceDone()) {
          onAdvance(current.bytes);
          return;
        }
        addPiece(span, current);
      }
      onSpan(span, current.sums.finish());
      current = undefined;
      at += 1;
    }
  };
}

/** Of the span that is not finished yet. */
interface Total {
  bytes: number;
  readonly sums: SpanCollector;
  /** Of its pieces, once one of them has a NaN or ±Inf. */
  places: readonly PiecePlace[] | undefined;
}

function startTotal({ entry, chunks }: TensorSpan, isFull: boolean): Total {
  return { bytes: 0, sums: createSpanCollector(entry, { isStart: chunks.first === 0, isFull }), places: undefined };
}
