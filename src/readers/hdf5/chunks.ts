import { t } from "@vscode/l10n";
import type { Filter } from "./filters.ts";
import type { ChunkIndex, Layout } from "./layout.ts";
import { extensibleArrayItems } from "./extensibleArray.ts";
import { fixedArrayItems } from "./fixedArray.ts";
import { type Cursor, type Hdf5File, remaining, takeAddress, takeNumber } from "./records.ts";
import { damaged } from "./refusal.ts";
import { readTree } from "./tree1.ts";
import { readTree2 } from "./tree2.ts";

/** A chunk of a dataset that is in the file. */
export interface StoredChunk {
  /** Its place in the grid of chunks. */
  readonly at: readonly number[];
  readonly address: number;
  readonly bytes: number;
  /** A bit for each filter that it was written without. */
  readonly mask: number;
}

export type ChunkedLayout = Extract<Layout, { readonly kind: "chunked" }>;

export interface ChunkedDataset {
  readonly layout: ChunkedLayout;
  readonly filters: readonly Filter[];
  readonly shape: readonly number[];
  readonly limits: readonly (number | undefined)[];
}

/** The chunks of a dataset, in no certain order. */
export async function* readChunks(
  file: Hdf5File,
  dataset: ChunkedDataset,
): AsyncGenerator<StoredChunk, void, undefined> {
  const { layout } = dataset;
  if (layout.address !== undefined) {
    yield* INDEXES[layout.index.kind](file, layout.address, dataset);
  }
}

type Chunks = AsyncGenerator<StoredChunk, void, undefined>;
type ReadIndex = (file: Hdf5File, address: number, dataset: ChunkedDataset) => Chunks;

const INDEXES: Readonly<Record<ChunkIndex["kind"], ReadIndex>> = {
  tree1: fromTree1,
  tree2: fromTree2,
  single: fromSingle,
  implicit: fromNothing,
  fixedArray: fromFixedArray,
  extensibleArray: fromExtensibleArray,
};

function chunkBytes({ layout }: ChunkedDataset): number {
  return layout.chunk.reduce((product, size) => product * size, layout.elementBytes);
}

/** Keys: stored bytes, mask, the first element's indices and 0. */
async function* fromTree1(file: Hdf5File, address: number, { layout }: ChunkedDataset): Chunks {
  const rank = layout.chunk.length;
  for await (const { key, child } of readTree(file, address, { type: "chunks", keyBytes: 8 + 8 * (rank + 1) })) {
    const bytes = takeNumber(key, 4);
    const mask = takeNumber(key, 4);
    const at = layout.chunk.map((size) => {
      const first = takeNumber(key, 8);
      if (first % size !== 0) {
        throw damaged(key.offset, t("A chunk of a dataset does not start where one can."));
      }
      return first / size;
    });
    yield { at, address: child, bytes, mask };
  }
}

/** Records: address, stored bytes and mask where there are filters, place in the grid. */
async function* fromTree2(file: Hdf5File, address: number, dataset: ChunkedDataset): Chunks {
  const placeBytes = 8 * dataset.layout.chunk.length;
  for await (const record of readTree2(file, address)) {
    const stored = takeStored(record, dataset, placeBytes);
    const at = dataset.layout.chunk.map(() => takeNumber(record, 8));
    if (stored !== undefined) {
      yield { ...stored, at };
    }
  }
}

async function* fromSingle(_: Hdf5File, address: number, dataset: ChunkedDataset): Chunks {
  const { index, chunk } = dataset.layout;
  const { bytes = chunkBytes(dataset), mask } = index.kind === "single" ? index : { mask: 0 };
  yield { at: chunk.map(() => 0), address, bytes, mask };
}

/** All chunks that the dataset could have, one after another; those it has. */
async function* fromNothing(_: Hdf5File, address: number, dataset: ChunkedDataset): Chunks {
  const bytes = chunkBytes(dataset);
  const largest = gridOf(dataset);
  const present = gridOf({ ...dataset, limits: dataset.shape });
  const chunks = present.reduce((product, count) => product * count, 1);
  for (let number = 0; number < chunks; number += 1) {
    const at = placeIn(present, number);
    const index = at.reduce((sum, place, axis) => sum * (largest[axis] ?? 1) + place, 0);
    yield { at, address: address + index * bytes, bytes, mask: 0 };
  }
}

async function* fromFixedArray(file: Hdf5File, address: number, dataset: ChunkedDataset): Chunks {
  const counts = gridOf(dataset);
  for await (const { index, entry } of fixedArrayItems(file, address)) {
    const stored = takeStored(entry, dataset, 0);
    if (stored !== undefined) {
      yield { ...stored, at: placeIn(counts, index) };
    }
  }
}

/** Its one dimension without a limit runs slowest, wherever it stands. */
async function* fromExtensibleArray(file: Hdf5File, address: number, dataset: ChunkedDataset): Chunks {
  const counts = gridOf(dataset);
  const free = dataset.limits.indexOf(undefined);
  const others = counts.filter((_, axis) => axis !== free);
  for await (const { index, entry } of extensibleArrayItems(file, address)) {
    const stored = takeStored(entry, dataset, 0);
    if (stored !== undefined) {
      const [first = 0, ...rest] = placeIn([Number.POSITIVE_INFINITY, ...others], index);
      yield { ...stored, at: rest.toSpliced(Math.max(0, free), 0, first) };
    }
  }
}

/** How many chunks the largest extent of a dataset has along each dimension. */
function gridOf({ layout, limits, shape }: ChunkedDataset): readonly number[] {
  return layout.chunk.map((size, axis) => Math.ceil((limits[axis] ?? shape[axis] ?? 0) / size));
}

/** Row-major. */
function placeIn(counts: readonly number[], index: number): number[] {
  let rest = index;
  return counts
    .toReversed()
    .map((count) => {
      const at = Number.isFinite(count) ? rest % count : rest;
      rest = Number.isFinite(count) ? Math.floor(rest / count) : 0;
      return at;
    })
    .toReversed();
}

/** Undefined for a chunk that is not in the file. The width of its size is what the other fields leave. */
function takeStored(entry: Cursor, dataset: ChunkedDataset, bytesAfter: number): Omit<StoredChunk, "at"> | undefined {
  const address = takeAddress(entry);
  if (dataset.filters.length === 0) {
    return address === undefined ? undefined : { address, bytes: chunkBytes(dataset), mask: 0 };
  }
  const bytes = takeNumber(entry, remaining(entry) - bytesAfter - MASK_BYTES);
  const mask = takeNumber(entry, MASK_BYTES);
  return address === undefined ? undefined : { address, bytes, mask };
}

const MASK_BYTES = 4;
