import { bitsOf } from "#core/dtype.ts";
import type { Chunk } from "#reduction/engine.ts";
import { PAIR_FIELDS } from "#reduction/pairs/measure.ts";
import type { ChunkPair, PairReducer, Side } from "#reduction/pairs/pairReducer.ts";
import { finishBatch, isStopped, takeBatch } from "../threads/threadTask.ts";
import { pieceAt } from "./pairTask.ts";
import type { PairTask, PieceSide } from "./pairTask.ts";

export interface PairTools {
  readonly reducer: PairReducer;
  /** Fills all of `target` from a place in one of the task's files, or fails. */
  readonly readInto: (file: number, target: Uint8Array, offset: number) => void | Promise<void>;
  /** Whether a piece is summed while the next is read, which needs reads that do not block. */
  readonly readsAhead: boolean;
  /** Asked before each batch. */
  readonly isNeeded: () => boolean;
}

/** Takes batches until there are none, all shall stop, or it is not needed any more. Rejects when a file cannot be read. */
export async function sumPairBatches(task: PairTask, tools: PairTools): Promise<void> {
  while (tools.isNeeded()) {
    const batch = takeBatch(task);
    if (batch === undefined) {
      return;
    }
    await sumBatch(task, batch, tools);
  }
}

async function sumBatch(task: PairTask, batch: number, tools: PairTools): Promise<void> {
  const end = task.batches[batch + 1] ?? 0;
  let ahead: Promise<ChunkPair> | undefined;
  for (let piece = task.batches[batch] ?? end; piece < end; piece += 1) {
    if (isStopped(task)) {
      await ahead;
      return;
    }
    const pair = await (ahead ?? readPair(task, piece, tools));
    ahead = tools.readsAhead && piece + 1 < end ? readPair(task, piece + 1, tools) : undefined;
    const { scales } = pieceAt(task, piece);
    task.results.set(tools.reducer.reduce(pair, task.measure, scales), piece * PAIR_FIELDS);
  }
  finishBatch(task, batch);
}

async function readPair(task: PairTask, piece: number, tools: PairTools): Promise<ChunkPair> {
  const [first, second] = pieceAt(task, piece).sides;
  const chunks: ChunkPair = [place(first, 0, piece, tools.reducer), place(second, 1, piece, tools.reducer)];
  const [one, other] = [first, second].map(({ file, offset }, at) =>
    tools.readInto(file, chunks[at === 0 ? 0 : 1].bytes, offset),
  );
  if (one !== undefined || other !== undefined) {
    await Promise.all([one, other]);
  }
  return chunks;
}

function place({ offset, bytes: length, dtype }: PieceSide, side: Side, piece: number, reducer: PairReducer): Chunk {
  const alignment = Math.max(1, Math.floor(bitsOf(dtype) / 8));
  return { dtype, bytes: reducer.place(side, piece, { offset, length, alignment }) };
}
