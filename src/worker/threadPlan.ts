import { bitsOf } from "#core/dtype.ts";
import type { TensorEntry } from "#core/tensor.ts";
import type { FileByteSource } from "#files/byteSource.ts";
import type { ReducibleDType } from "#reduction/engine.ts";
import { PIECE_FIELDS, RESULT_FIELDS, type ThreadTask } from "./threadTask.ts";

/** A tensor that can be reduced, in a file that is open. */
export interface PlannedTensor {
  readonly entry: TensorEntry;
  readonly dtype: ReducibleDType;
  readonly source: FileByteSource;
}

export interface ThreadPlan {
  readonly task: ThreadTask;
  /** Mostly pieces so small that the time goes into the calls. */
  readonly hasManySmall: boolean;
  /** The open files, as the task numbers them. */
  readonly sources: readonly FileByteSource[];
  /** First piece of each tensor, and the end. */
  readonly firstPieces: readonly number[];
}

// Enough work that taking a batch costs nothing, little enough that all threads end together.
const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_PIECES = 256;
const MANY_PIECES = 512;
const SMALL_PIECE_BYTES = 64 * 1024;

/** Cuts tensors into pieces and batches. The cuts depend on the tensors alone. */
export function planThreads(
  tensors: readonly PlannedTensor[],
  chunkElements: (dtype: ReducibleDType) => number,
): ThreadPlan {
  const files = new Map<FileByteSource, number>();
  const dtypes: ReducibleDType[] = [];
  const pieces: number[] = [];
  const firstPieces = [0];
  for (const { entry, dtype, source } of tensors) {
    const file = files.get(source) ?? files.size;
    files.set(source, file);
    if (!dtypes.includes(dtype)) {
      dtypes.push(dtype);
    }
    const chunkBytes = (chunkElements(dtype) * bitsOf(dtype)) / 8;
    for (let start = 0; start < entry.byteLength; start += chunkBytes) {
      const length = Math.min(chunkBytes, entry.byteLength - start);
      pieces.push(file, entry.offset + start, length, dtypes.indexOf(dtype));
    }
    firstPieces.push(pieces.length / PIECE_FIELDS);
  }
  const batches = cutBatches(pieces);
  const sources = Array.from(files.keys());
  const task = {
    files: sources.map(({ path, id }) => ({ path, id })),
    dtypes,
    pieces: Float64Array.from(pieces),
    batches,
    results: new Float64Array(new SharedArrayBuffer((pieces.length / PIECE_FIELDS) * RESULT_FIELDS * 8)),
    state: new Int32Array(new SharedArrayBuffer((batches.length + 2) * 4)),
  };
  const count = pieces.length / PIECE_FIELDS;
  const bytes = tensors.reduce((total, { entry }) => total + entry.byteLength, 0);
  const hasManySmall = count > MANY_PIECES && bytes / count < SMALL_PIECE_BYTES;
  return { task, sources, firstPieces, hasManySmall };
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
