import { bitsOf } from "#core/dtype.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import type { Share } from "#protocol/normsPart.ts";
import { chunkCount } from "#reduction/chunkRange.ts";
import type { ReducibleDType } from "#reduction/engine.ts";
import { layoutsOf } from "#reduction/layout.ts";
import type { Layout } from "#reduction/layout.ts";
import type { Work } from "../norms/reduceCheckpoint.ts";
import type { ReducibleTensor } from "../norms/reducibleTensors.ts";

/** The chunks of a tensor that are a share's. */
export interface OwnWork extends Work {
  /** Of the tensor, among all. */
  readonly place: number;
  /** Of all shares. */
  readonly chunkCount: number;
  /** Of these chunks, in the files. */
  readonly bytes: number;
}

type ChunkElements = (dtype: ReducibleDType) => number;

/**
 * What is a share's of some tensors. Shares follow each other and have as many bytes as the others, give or take a piece. They
 * are cut between chunks, so that each chunk is reduced as it would be in one run. What can only be decoded from its start
 * on, or gathered, stays in one piece.
 */
export function cutShare(
  tensors: readonly ReducibleTensor[],
  share: Share,
  chunkElements: ChunkElements,
): readonly OwnWork[] {
  let totalBytes = 0;
  for (const tensor of tensors) {
    for (const { bytes } of piecesOf(tensor, chunkElements)) {
      totalBytes += bytes;
    }
  }
  const own: OwnWork[] = [];
  let start = 0;
  for (const [place, tensor] of tensors.entries()) {
    let [first, end, ownBytes, all, isOwn] = [0, 0, 0, 0, false];
    for (const { chunks, bytes } of piecesOf(tensor, chunkElements)) {
      if (shareAt((start + bytes / 2) / totalBytes, share.count) === share.index) {
        first = isOwn ? first : all;
        end = all + chunks;
        ownBytes += bytes;
        isOwn = true;
      }
      start += bytes;
      all += chunks;
    }
    if (isOwn) {
      own.push({ ...tensor, place, chunks: { first, end }, chunkCount: all, bytes: ownBytes });
    }
  }
  return own;
}

/** By where the middle of a piece lies in the whole, 0 to 1; of no bytes at all the first share has everything. */
function shareAt(middle: number, count: number): number {
  return 1 + Math.min(count - 1, Math.floor((Number.isNaN(middle) ? 0 : middle) * count));
}

interface Piece {
  readonly chunks: number;
  readonly bytes: number;
}

/** A tensor without elements is one piece too, because some share has to name it. */
function* piecesOf({ entry }: ReducibleTensor, chunkElements: ChunkElements): Generator<Piece, void> {
  const most = chunkElements(entry.dtype);
  const layouts = layoutsOf(entry);
  let isEmpty = true;
  for (const [at, part] of entry.parts.entries()) {
    const layout = layouts[at];
    if (layout !== undefined && layout.elements > 0) {
      yield* isDivisible(part, layout)
        ? chunksOf(layout, most, bitsOf(entry.dtype) / 8)
        : [{ chunks: chunkCount(layout, most), bytes: part.byteLength }];
      isEmpty = false;
    }
  }
  if (isEmpty) {
    yield { chunks: 0, bytes: 0 };
  }
}

function isDivisible({ codings }: TensorPart, { isDense }: Layout): boolean {
  return isDense && codings === undefined;
}

function* chunksOf({ elements }: Layout, most: number, elementBytes: number): Generator<Piece, void> {
  for (let first = 0; first < elements; first += most) {
    yield { chunks: 1, bytes: Math.min(most, elements - first) * elementBytes };
  }
}
