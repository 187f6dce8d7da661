import { bitsOf } from "#core/dtype.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import type { FileByteSource } from "#files/checkpoints/byteSource.ts";
import { chunkCount, overlap } from "#reduction/chunkRange.ts";
import type { ChunkRange } from "#reduction/chunkRange.ts";
import type { ReducibleDType } from "#reduction/engine.ts";
import { layoutsOf, type Layout } from "#reduction/layout.ts";
import type { Reducible, ReducibleEntry } from "#reduction/reduce.ts";
import { createFulls, createState, PIECE_FIELDS, RESULT_FIELDS, type ThreadTask } from "./threadTask.ts";

export interface ThreadPlan {
  readonly task: ThreadTask;
  /** Mostly pieces so small that the time goes into the calls. */
  readonly hasManySmall: boolean;
  /** The open files, as the task numbers them. */
  readonly sources: readonly FileByteSource[];
  /** First piece of each span, and the end. */
  readonly firstPieces: readonly number[];
}

// Enough work that taking a batch costs nothing, little enough that all threads end together.
const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_PIECES = 256;
const MANY_PIECES = 512;
const SMALL_PIECE_BYTES = 64 * 1024;

/** Whether threads can reduce a tensor: its bytes as they lie, in the order of its indices. */
export function isPlain({ entry, layouts }: Reducible): boolean {
  return (
    entry.parts.every(({ codings }) => codings === undefined) &&
    layouts.every(({ isDense, isRowMajor, times }) => isDense && isRowMajor && times === 1)
  );
}

export interface Cutting {
  readonly engine: ThreadTask["engine"];
  readonly chunkElements: (dtype: ReducibleDType) => number;
  readonly isFull: boolean;
  readonly fileOf: (part: TensorPart) => FileByteSource;
}

/** Cuts spans of plain tensors into pieces, which are the tensors' chunks, and batches. */
export function planThreads(
  spans: readonly TensorSpan[],
  { engine, chunkElements, isFull, fileOf }: Cutting,
): ThreadPlan {
  const files = new Map<FileByteSource, number>();
  const dtypes: ReducibleDType[] = [];
  const pieces: number[] = [];
  const firstPieces = [0];
  for (const span of spans) {
    const { dtype } = span.entry;
    if (!dtypes.includes(dtype)) {
      dtypes.push(dtype);
    }
    const bytes = bitsOf(dtype) / 8;
    for (const { part, first, elements } of cutSpan(span, chunkElements(dtype))) {
      const source = fileOf(part);
      const file = files.get(source) ?? files.size;
      files.set(source, file);
      pieces.push(file, part.offset + first * bytes, elements * bytes, dtypes.indexOf(dtype));
    }
    firstPieces.push(pieces.length / PIECE_FIELDS);
  }
  const count = pieces.length / PIECE_FIELDS;
  const batches = cutBatches(count, (piece) => pieces[piece * PIECE_FIELDS + 2] ?? 0);
  const sources = Array.from(files.keys());
  const task = {
    engine,
    files: sources.map(({ path, id }) => ({ path, id })),
    dtypes,
    pieces: Float64Array.from(pieces),
    batches,
    results: new Float64Array(new SharedArrayBuffer(count * RESULT_FIELDS * 8)),
    fulls: isFull ? createFulls(count) : null,
    state: createState(batches.length - 1),
  };
  const bytes = pieces.reduce((total, field, at) => (at % PIECE_FIELDS === 2 ? total + field : total), 0);
  const hasManySmall = areManySmall(count, bytes);
  return { task, sources, firstPieces, hasManySmall };
}

/** Chunks of a tensor that follow each other: the whole of it, or what is one's own of it. */
export interface TensorSpan {
  readonly entry: ReducibleEntry;
  readonly chunks: ChunkRange;
}

/** A piece's place in its tensor: threads need not know. */
export interface PiecePlace {
  readonly part: TensorPart;
  readonly layout: Layout;
  /** Place of its first element in its part. */
  readonly first: number;
  readonly elements: number;
}

/** The pieces of a span, of at most so many elements. They are cut again where one is asked for, not kept. */
export function* cutSpan({ entry, chunks }: TensorSpan, mostElements: number): Generator<PiecePlace, void> {
  const layouts = layoutsOf(entry);
  let before = 0;
  for (const [at, part] of entry.parts.entries()) {
    const layout = layouts[at];
    if (layout !== undefined) {
      const count = chunkCount(layout, mostElements);
      yield* cutPart({ part, layout, chunks: overlap(chunks, before, count) }, mostElements);
      before += count;
    }
  }
}

interface CutPart extends Pick<PiecePlace, "part" | "layout"> {
  readonly chunks: ChunkRange;
}

function* cutPart({ part, layout, chunks }: CutPart, mostElements: number): Generator<PiecePlace, void> {
  for (let chunk = chunks.first; chunk < chunks.end; chunk += 1) {
    const first = chunk * mostElements;
    yield { part, layout, first, elements: Math.min(mostElements, layout.elements - first) };
  }
}

/** Whether the time goes into the calls, so that even one thread whose reads block is faster than reads that do not. */
export function areManySmall(pieces: number, bytes: number): boolean {
  return pieces > MANY_PIECES && bytes / pieces < SMALL_PIECE_BYTES;
}

/** The first piece of each batch, and the end. */
export function cutBatches(count: number, bytesOf: (piece: number) => number): Uint32Array {
  const starts = [0];
  let first = 0;
  let bytes = 0;
  for (let piece = 0; piece < count; piece += 1) {
    bytes += bytesOf(piece);
    if (bytes >= BATCH_BYTES || piece + 1 - first === BATCH_PIECES || piece + 1 === count) {
      starts.push(piece + 1);
      first = piece + 1;
      bytes = 0;
    }
  }
  return Uint32Array.from(starts);
}
