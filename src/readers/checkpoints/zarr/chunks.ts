import type { Coding } from "#core/coding.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import type { Box, TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { trimmed } from "../shared/tensorSize.ts";
import { sliceOf, type StoredValue, takeInOrder, type ValueStore } from "../shared/valueStore.ts";
import { joinLast } from "./joinLast.ts";
import { type ChunkCoding, indexAt, type ShardLayout, type ZarrArray } from "./grid.ts";
import { INDEX_ENTRY_BYTES } from "./version3.ts";

/** Where an array's chunks are, and what is to be said of those that are not there. */
export interface ZarrPlace {
  readonly store: ValueStore;
  /** Before the keys of its chunks: its path and a `/`. */
  readonly prefix: string;
  /** The file that its metadata are in: parts that take no bytes name it. */
  readonly file: string;
  /** Chunks that hold the fill value are left out by most writers; where they are not, one that is not there is lost. */
  readonly leavesOutFill: boolean;
  /** Bytes of values in memory that the checkpoint's parts may still carry along. */
  readonly inlineBudget: { bytes: number };
}

export interface ZarrParts {
  readonly parts: readonly TensorPart[];
  /** Chunks that could not be found or read. */
  readonly lost: readonly string[];
}

/** The parts of an array, chunk by chunk. Chunks that are lost leave a gap. */
export async function zarrParts(array: ZarrArray, place: ZarrPlace): Promise<Outcome<ZarrParts>> {
  const { grid, keyOf, shard } = array;
  const parts: TensorPart[] = [];
  const lost: string[] = [];
  const failure = await takeInOrder(
    Array.from({ length: grid.total }, (_, at) => at),
    {
      async map(at) {
        const index = indexAt(grid.counts, at);
        const key = place.prefix + keyOf(index);
        const value = await place.store.find(key);
        const piece: Piece = { array, place, key, start: index.map((each, axis) => each * (grid.shape[axis] ?? 0)) };
        return value === undefined || shard === undefined ? chunkPart(piece, value) : shardParts(piece, shard, value);
      },
      take(found) {
        addFound({ parts, lost }, found);
      },
    },
  );
  return failure ?? ok({ parts: trimmed(parts), lost });
}

interface Gathered {
  readonly parts: TensorPart[];
  readonly lost: string[];
}

/** Chunks that hold the fill value alone, and lie side by side, become one part: an array may have nothing else. */
function addFound({ parts, lost }: Gathered, found: ZarrParts): void {
  for (const part of found.parts) {
    parts.push(part);
    while (joinLast(parts)) {
      // The part they became may join the one before.
    }
  }
  for (const each of found.lost) {
    lost.push(each);
  }
}

/** A chunk or a shard of an array. */
interface Piece {
  readonly array: ZarrArray;
  readonly place: ZarrPlace;
  readonly key: string;
  /** Its place in the index of the shard with that key. */
  readonly inShard?: number;
  /** Index of its first element. */
  readonly start: readonly number[];
}

function nameOf({ key, inShard }: Piece): string {
  return inShard === undefined ? key : t("chunk {0} of {1}", inShard, key);
}

function chunkPart(piece: Piece, value: StoredValue | undefined): Outcome<ZarrParts> {
  const { array, place } = piece;
  if (value === undefined) {
    const isLost = !place.leavesOutFill || array.fill === undefined;
    const shape = array.shard === undefined ? array.chunk.shape : array.grid.shape;
    return ok(isLost ? lose(t("{0} is not there", nameOf(piece))) : { parts: fillParts(piece, shape), lost: [] });
  }
  const { codings, trailingBytes, bytes } = array.chunk;
  const byteLength = value.byteLength - trailingBytes;
  if (codings.every(({ kind }) => kind === "bigEndian") && byteLength !== bytes) {
    return byteLength < bytes && value.inline === undefined && value.offset === 0
      ? { kind: "incomplete", have: value.byteLength, need: bytes + trailingBytes }
      : ok(lose(t("{0} has {1} bytes where its chunk takes {2}", nameOf(piece), byteLength, bytes)));
  }
  const stored = codingsFor(piece, sliceOf(value, 0, Math.max(0, byteLength)));
  return ok(stored === undefined ? lose(tooManyInline()) : { parts: storedParts(piece, stored), lost: NONE_LOST });
}

const NONE_LOST: readonly string[] = [];

// Where one value is, not the whole array's name: the note says that.
function tooManyInline(): string {
  return t("its elements lie inside an index whose small values are too many to be kept");
}

function lose(what: string): ZarrParts {
  return { parts: [], lost: [what] };
}

/** The part before it is placed in the tensor. */
function codingsFor(
  { array, place }: Piece,
  { file, offset, byteLength, inline }: StoredValue,
): TensorPart | undefined {
  const { codings } = array.chunk;
  if (inline === undefined) {
    return { file, offset, byteLength, ...(codings.length === 0 ? {} : { codings }) };
  }
  place.inlineBudget.bytes -= inline.length;
  const own: Coding = { kind: "inline", base64: Buffer.from(inline, "latin1").toString("base64") };
  const part = { file, offset: 0, byteLength: 0, codings: trimmed([own, ...codings]) };
  return place.inlineBudget.bytes < 0 ? undefined : part;
}

/** Chunks at the edge are stored whole: what lies past the end of the array does not count. */
function boxOf({ array, start }: Piece, shape: readonly number[]): Box {
  return { start, shape: shape.map((size, axis) => Math.min(size, (array.shape[axis] ?? 0) - (start[axis] ?? 0))) };
}

function storedParts(piece: Piece, part: TensorPart): readonly TensorPart[] {
  const { shape, strides, isRowMajor } = piece.array.chunk;
  const box = boxOf(piece, shape);
  if (box.shape.some((size) => size <= 0)) {
    return [];
  }
  const isWhole = isRowMajor && String(box.shape) === String(piece.array.shape) && String(box.shape) === String(shape);
  return [isWhole ? part : { ...part, box, strides }];
}

/** One element that the tensor has as often as the box has places. */
function fillParts(piece: Piece, shape: readonly number[]): readonly TensorPart[] {
  const box = boxOf(piece, shape);
  const { array, place } = piece;
  const base64 = Buffer.from(array.fill ?? []).toString("base64");
  const codings: readonly Coding[] = [{ kind: "inline", base64 }];
  return [{ file: place.file, offset: 0, byteLength: 0, codings, box, strides: box.shape.map(() => 0) }];
}

/** The chunks of a shard by its index: an offset and a length for each, or all ones where none is stored. */
async function shardParts(piece: Piece, shard: ShardLayout, value: StoredValue): Promise<Outcome<ZarrParts>> {
  const { array, place, key } = piece;
  const { total, counts, indexBytes, isIndexFirst } = shard;
  if (value.byteLength < indexBytes) {
    return ok(lose(t("{0} has {1} bytes, less than its index of {2}", key, value.byteLength, indexBytes)));
  }
  const index = await place.store.read(value, isIndexFirst ? 0 : value.byteLength - indexBytes, indexBytes);
  const view = new DataView(index.buffer, index.byteOffset, index.length);
  const gathered: Gathered = { parts: [], lost: [] };
  for (let at = 0; at < total; at += 1) {
    const start = indexAt(counts, at).map((each, axis) => {
      return (piece.start[axis] ?? 0) + each * (array.chunk.shape[axis] ?? 0);
    });
    if (start.every((each, axis) => each < (array.shape[axis] ?? 0))) {
      const range = rangeAt(view, at * INDEX_ENTRY_BYTES);
      const inner: Piece = { ...piece, start, inShard: at };
      addFound(gathered, innerChunk(inner, { value, range, chunk: array.chunk }));
    }
  }
  return ok(gathered);
}

interface Range {
  readonly offset: bigint;
  readonly length: bigint;
}

function rangeAt(view: DataView, at: number): Range {
  return { offset: view.getBigUint64(at, true), length: view.getBigUint64(at + 8, true) };
}

const NOT_STORED = 2n ** 64n - 1n;

interface InShard {
  readonly value: StoredValue;
  readonly range: Range;
  readonly chunk: ChunkCoding;
}

function innerChunk(piece: Piece, { value, range: { offset, length }, chunk }: InShard): ZarrParts {
  const { array, place } = piece;
  if (offset === NOT_STORED && length === NOT_STORED) {
    const isLost = array.fill === undefined || !place.leavesOutFill;
    return isLost ? lose(t("{0} is not there", nameOf(piece))) : { parts: fillParts(piece, chunk.shape), lost: [] };
  }
  if (offset + length > BigInt(value.byteLength)) {
    return lose(
      t("{0} ends at {1}, past the shard's {2} bytes", nameOf(piece), String(offset + length), value.byteLength),
    );
  }
  const outcome = chunkPart(piece, { ...sliceOf(value, Number(offset), Number(length)) });
  return outcome.kind === "ok"
    ? outcome.value
    : lose(t("{0} has {1} bytes, less than its chunk takes", nameOf(piece), String(length)));
}
