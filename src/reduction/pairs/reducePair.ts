import { bitsOf } from "#core/dtype.ts";
import { ok, type Outcome } from "#core/outcome.ts";

import type { Chunk } from "../engine.ts";
import type { Reducible, TensorInput } from "../reduce.ts";
import { cutShape, type Slab } from "./cutShape.ts";
import { addSums, noSums, type PairMeasure, type PairScales, type PairSums } from "./measure.ts";
import { type ChunkPair, type PairReducer, type Side } from "./pairReducer.ts";
import { openRowMajor, type ReadSlab, runsOf } from "./rowMajor.ts";

export interface PairInput {
  /** Of one shape. */
  readonly tensors: readonly [Reducible, Reducible];
  /** Start to give the decoded bytes of a part of each. */
  readonly open: readonly [TensorInput["open"], TensorInput["open"]];
}

export interface PairOptions {
  readonly measure: PairMeasure;
  readonly scales: PairScales;
  /** Looked at between pieces; the promise then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams two tensors of one shape in row-major order, whatever their parts, views and codings are: for those that threads
 * cannot take. Rejects when a read fails or the signal is aborted.
 */
export async function reducePair(
  reducer: PairReducer,
  { tensors, open }: PairInput,
  { measure, scales, signal }: PairOptions,
): Promise<Outcome<PairSums>> {
  const [first, second] = tensors;
  const readFirst = openRowMajor(first, open[0]);
  const readSecond = openRowMajor(second, open[1]);
  if (readFirst.kind !== "ok") {
    return readFirst;
  }
  if (readSecond.kind !== "ok") {
    return readSecond;
  }
  const readSide = async (side: Side, turn: number, slab: Slab): Promise<Chunk> => {
    const read = side === 0 ? readFirst.value : readSecond.value;
    return readChunk(reducer, read, { side, turn, slab, tensor: side === 0 ? first : second });
  };
  const readPair = async (turn: number, slab: Slab): Promise<ChunkPair> =>
    Promise.all([readSide(0, turn, slab), readSide(1, turn, slab)]);
  const total = noSums();
  let turn = 0;
  // Without rows to keep together all pieces but the last are of one size, and whole blocks of quantised types.
  const isFlat = tensors.every((tensor) => runsOf(tensor) !== undefined);
  for (const slab of cutShape(isFlat ? [first.entry.elements] : first.entry.shape, reducer.pieceElements)) {
    signal?.throwIfAborted();
    if (slab.elements > 0) {
      addSums(total, reducer.reduce(await readPair(turn, slab), measure, scales));
      turn += 1;
    }
  }
  return ok(total);
}

interface ChunkPlace {
  readonly side: Side;
  readonly turn: number;
  readonly slab: Slab;
  readonly tensor: Reducible;
}

async function readChunk(reducer: PairReducer, read: ReadSlab, place: ChunkPlace): Promise<Chunk> {
  const { dtype, parts } = place.tensor.entry;
  const bits = bitsOf(dtype);
  const length = (place.slab.elements * bits) / 8;
  const offset = (parts[0]?.offset ?? 0) + (place.slab.first * bits) / 8;
  const bytes = reducer.place(place.side, place.turn, { offset, length, alignment: Math.max(1, Math.floor(bits / 8)) });
  await read(bytes, place.slab);
  return { dtype, bytes };
}
