import type { TensorEntry, TensorStatistics } from "#core/tensor.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { mergeStatistics, NOTHING, toTensorStatistics } from "#reduction/statistics.ts";
import type { Statistics } from "#reduction/statistics.ts";
import { reduceBatches } from "./reduceBatches.ts";
import { planThreads } from "./threadPlan.ts";
import type { PiecePlace, PlannedTensor, ThreadPlan } from "./threadPlan.ts";
import { batchCount, isBatchDone, isStarted, PIECE_FIELDS, readResult } from "./threadTask.ts";
import { waitingThreads } from "./threadPool.ts";
import { runThreads } from "./threads.ts";

export interface ThreadOptions {
  /** This thread's own, which works while the others start; theirs are of the same kind. */
  readonly engine: ReductionEngine;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then, in the order of the tensors, with the bytes of the tensor that is not finished yet. */
  readonly onAdvance: (bytesOfTensor: number) => void;
  readonly onTensor: (entry: TensorEntry, statistics: TensorStatistics) => void;
}

// Often enough for a smooth bar.
const LOOK_MS = 50;

/**
 * Reduces tensors on several threads that share the files. Pieces are merged in their order, so the result is the same bits
 * for every number of threads. Rejects when a read fails or the signal is aborted.
 */
export async function reduceInThreads(tensors: readonly PlannedTensor[], options: ThreadOptions): Promise<void> {
  const { name, staging } = options.engine;
  const engine = name === "onnxruntime" ? name : "simd";
  const plan = planThreads(tensors, { engine, chunkElements: staging.chunkElements });
  const look = createCollector(tensors, plan, options);
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
function createCollector(
  tensors: readonly PlannedTensor[],
  { task, firstPieces, places }: ThreadPlan,
  { onAdvance, onTensor }: ThreadOptions,
): () => void {
  let tensor = 0;
  let piece = 0;
  let batch = 0;
  let bytes = 0;
  let total: Statistics = NOTHING;

  function isPieceDone(): boolean {
    if (piece >= (task.batches[batch + 1] ?? 0)) {
      batch += 1;
    }
    return isBatchDone(task, batch);
  }

  return () => {
    for (let planned = tensors[tensor]; planned !== undefined; planned = tensors[tensor]) {
      for (const end = firstPieces[tensor + 1] ?? 0; piece < end; piece += 1) {
        if (!isPieceDone()) {
          onAdvance(bytes);
          return;
        }
        total = mergeStatistics(total, inPlace(readResult(task, piece), places[piece]));
        bytes += task.pieces[piece * PIECE_FIELDS + 2] ?? 0;
      }
      onTensor(planned.entry, toTensorStatistics(total));
      tensor += 1;
      bytes = 0;
      total = NOTHING;
    }
  };
}
