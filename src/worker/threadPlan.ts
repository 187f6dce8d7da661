import { bitsOf } from "#core/dtype.ts";
import type { TensorEntry } from "#core/tensor.ts";
import type { ReducibleDType } from "#reduction/engine.ts";
import { PIECE_FIELDS, RESULT_FIELDS, type ThreadTask } from "./threadTask.ts";

/** A tensor that can be reduced, in a file that is open. */
export interface PlannedTensor {
  readonly entry: TensorEntry;
  readonly dtype: ReducibleDType;
  readonly path: string;
  readonly fileId: string;
}

export interface ThreadPlan {
  readonly task: ThreadTask;
  /** First piece of each tensor, and the end. */
  readonly firstPieces: readonly number[];
}

// Enough work that taking a batch costs nothing, little enough that all threads end together.
const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_PIECES = 256;

/** Cuts tensors into pieces and batches. The cuts depend on the tensors alone. */
export function planThreads(
  tensors: readonly PlannedTensor[],
  chunkElements: (dtype: ReducibleDType) => number,
): ThreadPlan {
  const files = new Map<string, { readonly path: string; readonly id: string; readonly index: number }>();
  const dtypes: ReducibleDType[] = [];
  const pieces: number[] = [];
  const firstPieces = [0];
  for (const { entry, dtype, path, fileId } of tensors) {
    const file = files.get(path) ?? { path, id: fileId, index: files.size };
    files.set(path, file);
    if (!dtypes.includes(dtype)) {
      dtypes.push(dtype);
    }
    const chunkBytes = (chunkElements(dtype) * bitsOf(dtype)) / 8;
    for (let start = 0; start < entry.byteLength; start += chunkBytes) {
      const length = Math.min(chunkBytes, entry.byteLength - start);
      pieces.push(file.index, entry.offset + start, length, dtypes.indexOf(dtype));
    }
    firstPieces.push(pieces.length / PIECE_FIELDS);
  }
  const batches = cutBatches(pieces);
  const task = {
    files: Array.from(files.values(), ({ path, id }) => ({ path, id })),
    dtypes,
    pieces: Float64Array.from(pieces),
    batches,
    results: new Float64Array(new SharedArrayBuffer((pieces.length / PIECE_FIELDS) * RESULT_FIELDS * 8)),
    state: new Int32Array(new SharedArrayBuffer((batches.length + 1) * 4)),
  };
  return { task, firstPieces };
}

function cutBatches(pieces: readonly number[]): Uint32Array {
  const count = pieces.length / PIECE_FIELDS;
  const starts = [0];
  let first = 0;
  let bytes = 0;
  for (let piece = 0; piece < count; piece += 1) {
    bytes += pieces[piece * PIECE_FIELDS + 2] ?? 0;
    if (bytes >= BATCH_BYTES || piece + 1 - first === BATCH_PIECES || piece + 1 === count) {
      starts.push(piece + 1);
      first = piece + 1;
      bytes = 0;
    }
  }
  return Uint32Array.from(starts);
}
