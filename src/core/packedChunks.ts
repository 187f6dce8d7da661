import { concatenate } from "./numbers.ts";
import type { LogBatch, LogEnd } from "./log.ts";
import type { SeriesChunk, SeriesKey, SeriesKind } from "./series.ts";

/**
 * Chunks as a few long columns. Between processes an array for each column of ten thousand chunks takes as long as reading
 * the log.
 */
export interface PackedChunks {
  readonly kinds: readonly SeriesKind[];
  readonly names: readonly string[];
  readonly tensors: readonly (string | null)[];
  /** Samples of each chunk. */
  readonly lengths: Uint32Array;
  /** The samples of all chunks, one chunk after the other. */
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly lines: Float64Array;
  /** 1 for each chunk that has wall times. */
  readonly areTimed: Uint8Array;
  /** Of those that have them. */
  readonly wallTimes: Float64Array;
  /** NaN for a chunk whose values are as computed. */
  readonly resolutions: Float64Array;
  /** What few chunks have, with the chunk's index. */
  readonly extras: readonly ChunkExtras[];
}

export type ChunkExtras = { readonly chunk: number } & Pick<SeriesKey, "axis" | "isEstimate"> &
  Pick<SeriesChunk, "file">;

/** A batch, or the end of a log, as it crosses the border between two processes. */
export type Packed<T extends LogEnd> = Omit<T, "chunks"> & { readonly chunks: PackedChunks };
export type PackedBatch = Packed<LogBatch>;
export type PackedEnd = Packed<LogEnd>;

export function packed<T extends LogEnd>(batch: T): Packed<T> {
  return { ...batch, chunks: pack(batch.chunks) };
}

/** Its chunks are views into the columns. */
export function unpacked<T extends Packed<LogEnd>>(batch: T): Omit<T, "chunks"> & LogEnd {
  return { ...batch, chunks: unpack(batch.chunks) };
}

/** Whether the columns are as long as they must be. */
export function isWhole(chunks: PackedChunks): boolean {
  const { names, lengths, areTimed } = chunks;
  const samples = sumOf(lengths);
  const timed = sumOf(lengths.filter((_, index) => areTimed[index] === 1));
  return (
    [chunks.kinds, chunks.tensors, lengths, areTimed, chunks.resolutions].every(
      ({ length }) => length === names.length,
    ) &&
    [chunks.steps, chunks.values, chunks.lines].every(({ length }) => length === samples) &&
    chunks.wallTimes.length === timed &&
    chunks.extras.every(({ chunk }) => chunk < names.length)
  );
}

function pack(chunks: readonly SeriesChunk[]): PackedChunks {
  const timed = chunks.map(({ wallTimes }) => wallTimes).filter((times) => times !== undefined);
  return {
    kinds: chunks.map(({ kind }) => kind),
    names: chunks.map(({ name }) => name),
    tensors: chunks.map(({ tensor }) => tensor),
    lengths: Uint32Array.from(chunks, ({ steps }) => steps.length),
    steps: concatenate(chunks.map(({ steps }) => steps)),
    values: concatenate(chunks.map(({ values }) => values)),
    lines: concatenate(chunks.map(({ lines }) => lines)),
    areTimed: Uint8Array.from(chunks, ({ wallTimes }) => (wallTimes === undefined ? 0 : 1)),
    wallTimes: concatenate(timed),
    resolutions: Float64Array.from(chunks, ({ resolution }) => resolution ?? Number.NaN),
    extras: chunks.flatMap(extrasOf),
  };
}

function extrasOf({ axis, isEstimate, file }: SeriesChunk, chunk: number): ChunkExtras[] {
  return axis === undefined && isEstimate === undefined && file === undefined
    ? []
    : [
        {
          chunk,
          ...(axis === undefined ? {} : { axis }),
          ...(isEstimate === undefined ? {} : { isEstimate }),
          ...(file === undefined ? {} : { file }),
        },
      ];
}

function unpack(packedChunks: PackedChunks): SeriesChunk[] {
  const { kinds, names, tensors, lengths, areTimed, resolutions } = packedChunks;
  const extras = new Map(packedChunks.extras.map(({ chunk, ...extra }) => [chunk, extra]));
  const [stepsAt, linesAt] = [viewsOf(packedChunks.steps), viewsOf(packedChunks.lines)];
  let [at, timedAt] = [0, 0];
  return names.map((name, index) => {
    const [from, until] = [at, at + (lengths[index] ?? 0)];
    const timedFrom = timedAt;
    at = until;
    timedAt += areTimed[index] === 1 ? until - from : 0;
    const resolution = resolutions[index] ?? Number.NaN;
    return {
      kind: kinds[index] ?? "other",
      name,
      tensor: tensors[index] ?? null,
      steps: stepsAt(from, until),
      values: packedChunks.values.subarray(from, until),
      lines: linesAt(from, until),
      ...(areTimed[index] === 1 && { wallTimes: packedChunks.wallTimes.subarray(timedFrom, timedAt) }),
      ...(!Number.isNaN(resolution) && { resolution }),
      ...extras.get(index),
    };
  });
}

/** Views into a column. Thousands of tensors are logged in one row: the same number after one another is one view for all. */
function viewsOf(column: Float64Array): (from: number, until: number) => Float64Array {
  let last = column.subarray(0, 0);
  return (from, until) => {
    if (until - from !== 1 || last.length !== 1 || !Object.is(last[0], column[from])) {
      last = column.subarray(from, until);
    }
    return last;
  };
}

function sumOf(lengths: Uint32Array): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}
