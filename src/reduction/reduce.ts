import type { ByteSource } from "#core/byteSource.ts";
import { bitsOf } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import type { TensorEntry, TensorStatistics } from "#core/tensor.ts";

import { type Chunk, isReducible, type ReducibleDType, type ReductionEngine } from "./engine.ts";
import { mergeStatistics, NOTHING, toTensorStatistics } from "./statistics.ts";

/** A byte source that may be able to read straight into the engine's memory, which saves a copy. */
export interface TensorSource extends Pick<ByteSource, "read"> {
  /** Fills `target` from `offset` or rejects. */
  readonly readInto?: (target: Uint8Array, offset: number) => Promise<void>;
}

export interface TensorInput {
  readonly entry: TensorEntry;
  readonly source: TensorSource;
}

export interface ReduceOptions {
  /** Looked at between chunks; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Called after each chunk with the bytes of this tensor reduced so far. */
  readonly onProgress?: (bytesDone: number) => void;
  /** Called with each chunk, in order, while it is in memory: for statistics that no engine keeps. */
  readonly onChunk?: (chunk: Chunk) => void;
}

/**
 * Streams one tensor through an engine, holding two chunks at most. Chunks depend on the tensor alone and are added in
 * order, so the result is the same bits on every run. Rejects when a read fails or the signal is aborted.
 */
export async function reduceTensor(
  engine: ReductionEngine,
  input: TensorInput,
  options: ReduceOptions = {},
): Promise<Outcome<TensorStatistics>> {
  const dtype = reducibleDType(input.entry);
  if (dtype.kind !== "ok") {
    return dtype;
  }
  const release = engine.staging.claim();
  try {
    return ok(await reduceChunks(engine, { ...input, dtype: dtype.value }, options));
  } finally {
    release();
  }
}

/** The tensor's dtype when it can be reduced, else why not. */
export function reducibleDType(entry: TensorEntry): Outcome<ReducibleDType> {
  const { name, dtype, elements, byteLength, offset } = entry;
  if (!isReducible(dtype)) {
    return unsupported(
      `${name}: ${dtype} has no agreed packing of its 6-bit elements into bytes, so it has no norm here.`,
    );
  }
  if (elements * bitsOf(dtype) !== byteLength * 8) {
    return malformed(
      offset,
      `${name}: ${elements} elements of ${dtype} do not fill ${byteLength} bytes. Nothing was reduced.`,
    );
  }
  return ok(dtype);
}

type ReducibleInput = TensorInput & { readonly dtype: ReducibleDType };

async function reduceChunks(
  engine: ReductionEngine,
  { entry, source, dtype }: ReducibleInput,
  { signal, onProgress, onChunk }: ReduceOptions,
): Promise<TensorStatistics> {
  const chunkElements = engine.staging.chunkElements(dtype);
  const chunkBytes = (chunkElements * bitsOf(dtype)) / 8;
  const alignment = Math.max(1, bitsOf(dtype) / 8);
  const readChunk = (index: number): Promise<Uint8Array> => {
    const start = Math.min(index * chunkBytes, entry.byteLength);
    const length = Math.min(chunkBytes, entry.byteLength - start);
    const offset = entry.offset + start;
    return fill(engine.staging.place(index % 2, { offset, length, alignment }), source, offset);
  };
  signal?.throwIfAborted();
  let total = NOTHING;
  let bytes = await readChunk(0);
  for (let index = 0, done = 0; bytes.length > 0; index += 1) {
    signal?.throwIfAborted();
    onChunk?.({ dtype, bytes });
    const [next, statistics] = await bothSettled(readChunk(index + 1), engine.reduce({ dtype, bytes }));
    total = mergeStatistics(total, statistics, index * chunkElements);
    done += bytes.length;
    onProgress?.(done);
    bytes = next;
  }
  return toTensorStatistics(total);
}

async function fill(target: Uint8Array, source: TensorSource, offset: number): Promise<Uint8Array> {
  if (target.length === 0) {
    return target;
  }
  if (source.readInto === undefined) {
    const bytes = await source.read(offset, target.length);
    if (bytes.length !== target.length) {
      throw new Error(`The source gave ${bytes.length} of ${target.length} bytes at ${offset}.`);
    }
    target.set(bytes);
  } else {
    await source.readInto(target, offset);
  }
  return target;
}

/** Both results, once neither touches the staging memory any more, also when one of them fails. */
async function bothSettled<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
