import { bitsOf } from "#core/dtype.ts";
import { openBlockingSource } from "#files/blockingSource.ts";
import type { BlockingSource } from "#files/blockingSource.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";
import { valueOf } from "./errors.ts";
import { finishBatch, isStopped, PIECE_FIELDS, takeBatch, writeResult } from "./threadTask.ts";
import type { ThreadTask } from "./threadTask.ts";

/** Takes batches until there are none or all shall stop. Rejects when a file cannot be read. */
export async function reduceBatches(task: ThreadTask): Promise<void> {
  const sources = new Map<number, BlockingSource>();
  try {
    const engine = valueOf(await createSimdEngine(), "simd");
    for (let batch = takeBatch(task); batch !== undefined; batch = takeBatch(task)) {
      const end = task.batches[batch + 1] ?? 0;
      for (let piece = task.batches[batch] ?? end; piece < end && !isStopped(task); piece += 1) {
        await reducePiece(task, piece, { engine, sources });
      }
      finishBatch(task, batch);
    }
  } finally {
    sources.forEach((source) => source.close());
  }
}

interface ThreadTools {
  readonly engine: ReductionEngine;
  /** Open files by their number. */
  readonly sources: Map<number, BlockingSource>;
}

async function reducePiece(task: ThreadTask, piece: number, { engine, sources }: ThreadTools): Promise<void> {
  const at = piece * PIECE_FIELDS;
  const [file = 0, offset = 0, length = 0, dtypeIndex = 0] = task.pieces.subarray(at, at + PIECE_FIELDS);
  const dtype = task.dtypes[dtypeIndex];
  if (dtype !== undefined) {
    const alignment = Math.max(1, bitsOf(dtype) / 8);
    const bytes = engine.staging.place(0, { offset, length, alignment });
    sourceOf(task, file, sources).readInto(bytes, offset);
    writeResult(task, piece, await engine.reduce({ dtype, bytes }));
  }
}

function sourceOf({ files }: ThreadTask, index: number, sources: Map<number, BlockingSource>): BlockingSource {
  const known = sources.get(index);
  if (known !== undefined) {
    return known;
  }
  const { path = "", id = "" } = files[index] ?? {};
  const source = openBlockingSource(path, id);
  sources.set(index, source);
  return source;
}
