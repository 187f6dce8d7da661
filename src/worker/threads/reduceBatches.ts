import { bitsOf } from "#core/dtype.ts";
import type { Chunk, ReductionEngine } from "#reduction/engine.ts";
import { fullSumsOf } from "#reduction/fullSums.ts";
import { t } from "@vscode/l10n";
import { finishBatch, isStopped, pieceRange, takeBatch, writeFull, writeResult } from "./threadTask.ts";
import type { ThreadTask } from "./threadTask.ts";

export interface BatchTools {
  readonly engine: ReductionEngine;
  /** Fills all of `target` from a place in one of the task's files, or fails. */
  readonly readInto: (file: number, target: Uint8Array, offset: number) => void | Promise<void>;
  /** Whether a piece is reduced while the next is read, which needs reads that do not block. */
  readonly readsAhead: boolean;
  /** Asked before each batch. */
  readonly isNeeded: () => boolean;
}

/** Takes batches until there are none, all shall stop, or it is not needed any more. Rejects when a file cannot be read. */
export async function reduceBatches(task: ThreadTask, tools: BatchTools): Promise<void> {
  while (tools.isNeeded()) {
    const batch = takeBatch(task);
    if (batch === undefined) {
      return;
    }
    await reduceBatch(task, batch, tools);
  }
}

async function reduceBatch(task: ThreadTask, batch: number, tools: BatchTools): Promise<void> {
  const end = task.batches[batch + 1] ?? 0;
  let ahead: Chunk | undefined;
  for (let piece = task.batches[batch] ?? end; piece < end; piece += 1) {
    if (isStopped(task)) {
      return;
    }
    const chunk: Chunk = ahead ?? (await readPiece(task, piece, tools));
    const next = tools.readsAhead && piece + 1 < end ? readPiece(task, piece + 1, tools) : undefined;
    if (task.fulls !== null) {
      writeFull(task.fulls, piece, fullSumsOf(chunk));
    }
    const [statistics, read] = await Promise.all([tools.engine.reduce(chunk), next]);
    writeResult(task, piece, statistics);
    ahead = read;
  }
  finishBatch(task, batch);
}

async function readPiece(task: ThreadTask, piece: number, { engine, readInto }: BatchTools): Promise<Chunk> {
  const { file, offset, bytes: length, dtype } = pieceRange(task, piece);
  if (dtype === undefined) {
    throw new Error(t("Piece {0} has no dtype.", piece));
  }
  const alignment = Math.max(1, Math.floor(bitsOf(dtype) / 8));
  const bytes = engine.staging.place(piece % 2, { offset, length, alignment });
  const reading = readInto(file, bytes, offset);
  if (reading !== undefined) {
    await reading;
  }
  return { dtype, bytes };
}
