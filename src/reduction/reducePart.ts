import type { ReadInto } from "#core/byteSource.ts";
import { bitsOf } from "#core/dtype.ts";
import type { TensorPart } from "#core/tensorPart.ts";

import type { ChunkRange } from "./chunkRange.ts";
import type { Chunk, ReducibleDType, ReductionEngine } from "./engine.ts";
import { createGatherer } from "./gather.ts";
import { inTensor } from "./inTensor.ts";
import type { Layout } from "./layout.ts";
import type { Placement } from "./staging.ts";
import { mergeStatistics, type Statistics } from "./statistics.ts";

export interface PartReduction {
  readonly engine: ReductionEngine;
  readonly dtype: ReducibleDType;
  readonly part: TensorPart;
  readonly layout: Layout;
  /** Of the part; at least one. */
  readonly chunks: ChunkRange;
  readonly read: ReadInto;
}

/** A chunk in memory, its statistics as the tensor's, and how often the tensor has its elements. */
export interface ReducedChunk {
  readonly chunk: Chunk;
  readonly statistics: Statistics;
  readonly times: number;
}

export interface PartOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each chunk with the share of the part's elements that are reduced, up to 1 where all are. */
  readonly onShare: (share: number) => void;
  readonly onChunk?: ((chunk: ReducedChunk) => void) | undefined;
}

/** Adds one part of a tensor, chunk by chunk, to those before it: while a chunk is reduced, the next is read. */
export async function reducePart(
  before: Statistics,
  reduction: PartReduction,
  options: PartOptions,
): Promise<Statistics> {
  const { engine, dtype, layout, chunks } = reduction;
  const { signal, onShare, onChunk } = options;
  const chunkElements = engine.staging.chunkElements(dtype);
  const readChunk = createChunkReader(reduction, chunkElements);
  signal?.throwIfAborted();
  let total = before;
  let bytes = await readChunk(chunks.first);
  for (let index = chunks.first; bytes.length > 0; index += 1) {
    signal?.throwIfAborted();
    const chunk = { dtype, bytes };
    const [next, reduced] = await bothSettled(readChunk(index + 1), engine.reduce(chunk));
    const statistics = inTensor(reduced, { chunk, first: index * chunkElements, layout });
    onChunk?.({ chunk, statistics, times: layout.times });
    total = mergeStatistics(total, statistics);
    const done = Math.min(layout.elements, (index + 1) * chunkElements) - chunks.first * chunkElements;
    onShare(done / layout.elements);
    bytes = next;
  }
  return total;
}

/** Reads chunks of a part one after another into the engine's memory; past the last one there are no bytes. */
function createChunkReader(
  { engine, dtype, part, layout, chunks, read }: PartReduction,
  chunkElements: number,
): (index: number) => Promise<Uint8Array> {
  const elementBytes = bitsOf(dtype) / 8;
  const alignment = Math.max(1, Math.floor(elementBytes));
  const gather = layout.isDense ? undefined : createGatherer(layout, elementBytes, read);
  return async (index) => {
    const first = Math.min(index * chunkElements, layout.elements);
    const start = first * elementBytes;
    const length = index < chunks.end ? Math.min(chunkElements, layout.elements - first) * elementBytes : 0;
    const place: Placement = { offset: gather === undefined ? part.offset + start : 0, length, alignment };
    const target = engine.staging.place(index % 2, place);
    if (length > 0) {
      await (gather === undefined ? read(target, start) : gather(target));
    }
    return target;
  };
}

/** Both results, once neither touches the staging memory any more, also when one of them fails. */
async function bothSettled<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
