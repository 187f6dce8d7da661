import { bitsOf } from "#core/dtype.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { storedBytes } from "#core/tensorPart.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import type { FileByteSource } from "#files/byteSource.ts";
import type { ReducibleDType } from "#reduction/engine.ts";
import type { Layout } from "#reduction/layout.ts";
import type { Reducible } from "#reduction/reduce.ts";
import { PIECE_FIELDS, RESULT_FIELDS, type ThreadTask } from "./threadTask.ts";

/** A tensor that can be reduced, in files that are open. */
export interface PlannedTensor extends Reducible {
  readonly entry: TensorEntry;
  readonly fileOf: (part: TensorPart) => FileByteSource;
}

/** Where a piece is in its tensor: threads need not know. */
export interface PiecePlace {
  readonly layout: Layout;
  /** Place of its first element in its part. */
  readonly first: number;
}

export interface ThreadPlan {
  readonly task: ThreadTask;
  /** Mostly pieces so small that the time goes into the calls. */
  readonly hasManySmall: boolean;
  /** The open files, as the task numbers them. */
  readonly sources: readonly FileByteSource[];
  /** First piece of each tensor, and the end. */
  readonly firstPieces: readonly number[];
  readonly places: readonly PiecePlace[];
}

// Enough work that taking a batch costs nothing, little enough that all threads end together.
const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_PIECES = 256;
const MANY_PIECES = 512;
const SMALL_PIECE_BYTES = 64 * 1024;

/** Whether threads can reduce a tensor: its bytes as they lie, in the order of its indices. */
export function isPlain({ entry, layouts }: Pick<PlannedTensor, "entry" | "layouts">): boolean {
  return (
    entry.parts.every(({ codings }) => codings === undefined) &&
    layouts.every(({ isDense, isRowMajor, times }) => isDense && isRowMajor && times === 1)
  );
}

export interface Cutting {
  readonly engine: ThreadTask["engine"];
  readonly chunkElements: (dtype: ReducibleDType) => number;
}

/** Cuts plain tensors into pieces and batches. The cuts depend on the tensors alone. */
export function planThreads(tensors: readonly PlannedTensor[], { engine, chunkElements }: Cutting): ThreadPlan {
  const files = new Map<FileByteSource, number>();
  const dtypes: ReducibleDType[] = [];
  const pieces: number[] = [];
  const firstPieces = [0];
  const places: PiecePlace[] = [];
  for (const { entry, dtype, layouts, fileOf } of tensors) {
    if (!dtypes.includes(dtype)) {
      dtypes.push(dtype);
    }
    for (const { part, ...place } of cutParts({ entry, layouts }, chunkElements(dtype))) {
      const source = fileOf(part);
      const file = files.get(source) ?? files.size;
      files.set(source, file);
      const bytes = bitsOf(dtype) / 8;
      pieces.push(file, part.offset + place.first * bytes, place.elements * bytes, dtypes.indexOf(dtype));
      places.push(place);
    }
    firstPieces.push(places.length);
  }
  const batches = cutBatches(pieces);
  const sources = Array.from(files.keys());
  const task = {
    engine,
    files: sources.map(({ path, id }) => ({ path, id })),
    dtypes,
    pieces: Float64Array.from(pieces),
    batches,
    results: new Float64Array(new SharedArrayBuffer((pieces.length / PIECE_FIELDS) * RESULT_FIELDS * 8)),
    state: new Int32Array(new SharedArrayBuffer((batches.length + 2) * 4)),
  };
  const bytes = tensors.reduce((total, { entry }) => total + storedBytes(entry), 0);
  const hasManySmall = places.length > MANY_PIECES && bytes / places.length < SMALL_PIECE_BYTES;
  return { task, sources, firstPieces, places, hasManySmall };
}

interface PartPiece extends PiecePlace {
  readonly part: TensorPart;
  readonly elements: number;
}

function cutParts({ entry, layouts }: Pick<PlannedTensor, "entry" | "layouts">, most: number): readonly PartPiece[] {
  return entry.parts.flatMap((part, at) => {
    const layout = layouts[at];
    return Array.from({ length: Math.ceil((layout?.elements ?? 0) / most) }, (_, piece) => {
      const first = piece * most;
      return layout && { part, layout, first, elements: Math.min(most, layout.elements - first) };
    }).filter((piece) => piece !== undefined);
  });
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
