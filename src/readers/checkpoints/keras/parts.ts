import type { Coding } from "#core/coding.ts";
import { elementsOf, type TensorPart } from "#core/tensorPart.ts";
import type { ChunkedLayout, StoredChunk } from "#readers/hdf5/chunks.ts";
import { chunksOf, type Dataset } from "#readers/hdf5/dataset.ts";
import { codingsOf } from "#readers/hdf5/filters.ts";
import type { Hdf5File } from "#readers/hdf5/records.ts";
import { damaged, notSupported } from "#readers/hdf5/refusal.ts";
import { t } from "@vscode/l10n";

/** Where an HDF5 file lies: itself, or inside a zip archive. */
export interface Hdf5Place {
  readonly file: string;
  /** Of the HDF5 file's first byte. */
  readonly offset: number;
}

/** A dataset of numbers, and how they are written. */
export interface NumberDataset extends Dataset {
  /** With the dimensions of elements that are arrays. */
  readonly tensorShape: readonly number[];
  /** Dimensions of an element. */
  readonly elementShape: readonly number[];
  readonly elementBytes: number;
  /** The value of elements that were never written, in Base64; all parts share the one text. */
  readonly fill: string;
  /** What is left to undo when all filters are undone. */
  readonly order: readonly Coding[];
}

/** The parts of the tensor that a dataset is. Refuses what cannot be read. */
export async function partsOf(
  file: Hdf5File,
  dataset: NumberDataset,
  place: Hdf5Place,
): Promise<readonly TensorPart[]> {
  const { layout, elementBytes, shape } = dataset;
  const bytes = elementsOf(shape) * elementBytes;
  if (bytes === 0) {
    return [{ ...place, byteLength: 0 }];
  }
  if (layout.kind === "chunked") {
    return chunkParts(file, dataset, { ...place, layout });
  }
  if (layout.offset === undefined) {
    return [unwritten(dataset, place, wholeOf(dataset))];
  }
  if (layout.bytes < bytes || layout.offset + bytes > file.source.size) {
    throw damaged(layout.offset, t("A dataset of {0} bytes has {1}, or ends outside the file.", bytes, layout.bytes));
  }
  return [{ file: place.file, offset: place.offset + layout.offset, byteLength: bytes, ...coded(dataset.order) }];
}

interface ChunkPlace extends Hdf5Place {
  readonly layout: ChunkedLayout;
}

interface Region {
  readonly start: readonly number[];
  readonly shape: readonly number[];
}

// Each takes some hundred bytes of memory. With the chunks that h5py chooses, so many hold 100 GB.
const MAX_PARTS = 100_000;

async function chunkParts(file: Hdf5File, dataset: NumberDataset, place: ChunkPlace): Promise<readonly TensorPart[]> {
  const { layout } = place;
  const grid = dataset.shape.map((size, axis) => Math.ceil(size / (layout.chunk[axis] ?? size)));
  const chunks = elementsOf(grid);
  if (layout.chunk.length !== grid.length || layout.elementBytes !== dataset.elementBytes) {
    throw damaged(file.base, t("The chunks of a dataset have other dimensions than the dataset."));
  }
  const parts = new Map<number, TensorPart>();
  for await (const chunk of chunksOf(file, dataset, layout)) {
    // A dataset that was made smaller may have left some behind.
    if (chunk.at.every((at, axis) => at < (grid[axis] ?? 0))) {
      const index = indexIn(grid, chunk.at);
      if (parts.has(index) || parts.size >= MAX_PARTS) {
        throw parts.has(index)
          ? damaged(file.base + chunk.address, t("A chunk of a dataset is there twice."))
          : notSupported(t("more than {0} chunks", MAX_PARTS));
      }
      parts.set(index, chunkPart(file, dataset, { ...place, chunk }));
    }
  }
  if (parts.size === 0) {
    return [unwritten(dataset, place, wholeOf(dataset))];
  }
  if (chunks > MAX_PARTS) {
    throw notSupported(t("more than {0} chunks, not all of which were written", MAX_PARTS));
  }
  return Array.from({ length: chunks }, (_, index) => {
    const at = placeIn(grid, index);
    return parts.get(index) ?? unwritten(dataset, place, regionAt(dataset, layout, at));
  });
}

interface OneChunk extends ChunkPlace {
  readonly chunk: StoredChunk;
}

// These steps need all bytes of a chunk at once; h5py's chunks have one MiB.
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;
const WHOLE: ReadonlySet<Coding["kind"]> = new Set<Coding["kind"]>([
  "shuffle",
  "fletcher32",
  "lzf",
  "blosc",
  "lz4Blocks",
]);

function chunkPart(file: Hdf5File, dataset: NumberDataset, { layout, chunk, ...place }: OneChunk): TensorPart {
  const { address, bytes: stored, mask } = chunk;
  const decoded = elementsOf(layout.chunk) * layout.elementBytes;
  const region = regionAt(dataset, layout, chunk.at);
  const isEdge = layout.chunk.some((size, axis) => size !== region.shape[axis]);
  const filters = isEdge && layout.leavesEdges ? [] : dataset.filters;
  const codings = codingsOf(filters, { decoded, stored, mask });
  const offset = file.base + address;
  if (offset + stored > file.source.size) {
    throw damaged(Math.min(offset, file.source.size), t("A chunk of {0} bytes ends outside the file.", stored));
  }
  if (decoded > MAX_WHOLE_BYTES && codings.some(({ kind }) => WHOLE.has(kind))) {
    throw notSupported(t("chunks of {0} bytes, which do not fit into memory", decoded));
  }
  return {
    file: place.file,
    offset: place.offset + offset,
    byteLength: stored,
    ...coded([...codings, ...dataset.order]),
    box: region,
    // The rows of a chunk are as long at the edge of the dataset as anywhere.
    ...(isEdge ? { strides: rowMajorStrides([...layout.chunk, ...dataset.elementShape]) } : {}),
  };
}

/** Where the elements of a chunk are in the tensor. */
function regionAt({ shape, elementShape }: NumberDataset, { chunk }: ChunkedLayout, at: readonly number[]): Region {
  const start = chunk.map((size, axis) => size * (at[axis] ?? 0));
  const sizes = chunk.map((size, axis) => Math.min(size, (shape[axis] ?? 0) - (start[axis] ?? 0)));
  return { start: [...start, ...elementShape.map(() => 0)], shape: [...sizes, ...elementShape] };
}

function wholeOf({ tensorShape }: NumberDataset): Region {
  return { start: tensorShape.map(() => 0), shape: tensorShape };
}

/** Elements that are not in the file, all of them the fill value. */
function unwritten({ fill, elementShape, order }: NumberDataset, place: Hdf5Place, box: Region): TensorPart {
  // Of an element that is an array, the numbers lie one after another.
  const inner = rowMajorStrides(elementShape);
  const outer = box.shape.slice(0, box.shape.length - elementShape.length).map(() => 0);
  return {
    file: place.file,
    offset: place.offset,
    byteLength: 0,
    codings: [{ kind: "inline", base64: fill }, ...order],
    box,
    strides: [...outer, ...inner],
  };
}

function coded(codings: readonly Coding[]): { readonly codings?: readonly Coding[] } {
  return codings.length === 0 ? {} : { codings };
}

function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementsOf(shape.slice(axis + 1)));
}

function indexIn(grid: readonly number[], at: readonly number[]): number {
  return grid.reduce((index, count, axis) => index * count + (at[axis] ?? 0), 0);
}

function placeIn(grid: readonly number[], index: number): readonly number[] {
  let rest = index;
  return grid.map((_, axis) => {
    const below = elementsOf(grid.slice(axis + 1));
    const at = Math.floor(rest / below);
    rest -= at * below;
    return at;
  });
}
