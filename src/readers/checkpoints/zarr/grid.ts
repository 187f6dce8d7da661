import type { Coding } from "#core/coding.ts";
import { bitsOf, type DType } from "#core/dtype.ts";

import { asCounts } from "../shared/jsonFields.ts";
import { checkedProduct } from "../shared/product.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/** An array of Zarr as its metadata describe it, of either version. */
export interface ZarrArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly elements: number;
  /** What the stored values hold: chunks, or shards of chunks. */
  readonly grid: Grid;
  readonly chunk: ChunkCoding;
  /** How chunks lie in a shard; missing: each is a value of its own. */
  readonly shard?: ShardLayout;
  readonly keyOf: (index: readonly number[]) => string;
  /** One element, as it lies in memory: what chunks that are not stored hold. */
  readonly fill: Uint8Array | undefined;
}

export interface Grid {
  /** Elements of a piece along each dimension. */
  readonly shape: readonly number[];
  /** Pieces along each dimension. */
  readonly counts: readonly number[];
  /** Pieces altogether. */
  readonly total: number;
}

export interface ChunkCoding {
  readonly shape: readonly number[];
  /** Elements from one to the next along each dimension. */
  readonly strides: readonly number[];
  readonly isRowMajor: boolean;
  readonly bytes: number;
  readonly codings: readonly Coding[];
  /** Bytes after the data: checksums. */
  readonly trailingBytes: number;
}

export interface ShardLayout {
  readonly counts: readonly number[];
  readonly total: number;
  readonly isIndexFirst: boolean;
  readonly indexBytes: number;
}

/** How many pieces of a shape cover an array. Undefined past 2⁵³ - 1, or where a piece is empty. */
export function gridOf(shape: readonly number[], piece: readonly number[]): Grid | undefined {
  const counts = shape.map((size, axis) => Math.ceil(size / (piece[axis] ?? 0)));
  const total = counts.reduce((product, count) => product * count, 1);
  return piece.length === shape.length && Number.isSafeInteger(total) ? { shape: piece, counts, total } : undefined;
}

/** The index of a piece along each dimension, the last running fastest. */
export function indexAt(counts: readonly number[], at: number): readonly number[] {
  let rest = at;
  return counts
    .toReversed()
    .map((count) => {
      const index = rest % count;
      rest = Math.floor(rest / count);
      return index;
    })
    .toReversed();
}

/** Strides of a piece whose dimensions lie in an order, the last running fastest. */
export function stridesIn(shape: readonly number[], order: readonly number[]): readonly number[] {
  const strides = shape.map(() => 0);
  let stride = 1;
  for (const axis of order.toReversed()) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}

// NumPy has at most 64 dimensions.
const MAX_RANK = 64;

/** A shape with less than 2⁵³ elements. */
export function checkedShape(value: unknown): readonly number[] | undefined {
  const shape = asCounts(value);
  const isSound = shape !== undefined && shape.length <= MAX_RANK && checkedProduct(shape) !== undefined;
  return isSound ? shape : undefined;
}

/** A complex number is two numbers. */
export function swapCoding(dtype: DType, isBigEndian: boolean): readonly Coding[] {
  return isBigEndian ? [{ kind: "bigEndian", bytes: dtype === "C64" ? 4 : bitsOf(dtype) / 8 }] : [];
}

/** A value from a file inside a sentence. */
export function described(value: unknown): string {
  return tensorLabel(typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing"));
}
