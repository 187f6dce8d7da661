import { t } from "@vscode/l10n";
import { type Cursor, skip, takeAddress, takeLength, takeNumber } from "./records.ts";
import { damaged, notSupported } from "./refusal.ts";

/** Where the elements of a dataset lie. */
export type Layout =
  /** In one piece; nowhere when none were written. `offset` is in the whole file. */
  | { readonly kind: "contiguous"; readonly offset: number | undefined; readonly bytes: number }
  | {
      readonly kind: "chunked";
      readonly chunk: readonly number[];
      readonly elementBytes: number;
      /** Of what finds the chunks; undefined when none were written. */
      readonly address: number | undefined;
      readonly index: ChunkIndex;
      /** Chunks that reach over the edge of the dataset are stored as they are. */
      readonly leavesEdges: boolean;
    };

export type ChunkIndex =
  | { readonly kind: "tree1" | "implicit" | "fixedArray" | "extensibleArray" | "tree2" }
  /** Stored size and mask where there are filters. */
  | { readonly kind: "single"; readonly bytes: number | undefined; readonly mask: number };

const COMPACT = 0;
const CONTIGUOUS = 1;
const CHUNKED = 2;

export function parseLayout(cursor: Cursor): Layout {
  const version = takeNumber(cursor, 1);
  if (version < 3 || version > 5) {
    throw notSupported(t("a layout of version {0}", version));
  }
  const kind = takeNumber(cursor, 1);
  switch (kind) {
    case COMPACT: {
      const bytes = takeNumber(cursor, 2);
      const offset = cursor.offset + cursor.position;
      skip(cursor, bytes);
      return { kind: "contiguous", offset, bytes };
    }
    case CONTIGUOUS: {
      const address = takeAddress(cursor);
      const offset = address === undefined ? undefined : cursor.file.base + address;
      return { kind: "contiguous", offset, bytes: takeLength(cursor) };
    }
    case CHUNKED:
      return version === 3 ? oldChunks(cursor) : newChunks(cursor);
    default:
      throw notSupported(
        kind === VIRTUAL ? t("a layout over other files, which are not followed") : t("a layout of class {0}", kind),
      );
  }
}

const VIRTUAL = 3;

/** The last dimension is the element's size. */
function oldChunks(cursor: Cursor): Layout {
  const rank = takeNumber(cursor, 1);
  const address = takeAddress(cursor);
  const sizes = Array.from({ length: rank }, () => takeNumber(cursor, 4));
  return { ...chunkOf(cursor, sizes), address, index: { kind: "tree1" }, leavesEdges: false };
}

function newChunks(cursor: Cursor): Layout {
  const flags = takeNumber(cursor, 1);
  const rank = takeNumber(cursor, 1);
  const width = takeNumber(cursor, 1);
  const sizes = Array.from({ length: rank }, () => takeNumber(cursor, width));
  const index = takeIndex(cursor, (flags & 2) !== 0);
  return { ...chunkOf(cursor, sizes), address: takeAddress(cursor), index, leavesEdges: (flags & 1) !== 0 };
}

function chunkOf(
  cursor: Cursor,
  sizes: readonly number[],
): { readonly kind: "chunked"; readonly chunk: readonly number[]; readonly elementBytes: number } {
  const elementBytes = sizes.at(-1) ?? 0;
  const bytes = sizes.reduce((product, size) => product * size, 1);
  // HDF5 writes no larger chunks before version 2.
  if (bytes <= 0 || bytes >= 2 ** 32) {
    throw damaged(cursor.offset, t("A dataset has chunks of {0} bytes.", bytes));
  }
  return { kind: "chunked", chunk: sizes.slice(0, -1), elementBytes };
}

/** Parameters of the arrays and trees stand in those as well. */
function takeIndex(cursor: Cursor, isFilteredSingle: boolean): ChunkIndex {
  const kind = takeNumber(cursor, 1);
  switch (kind) {
    case 1:
      return isFilteredSingle
        ? { kind: "single", bytes: takeLength(cursor), mask: takeNumber(cursor, 4) }
        : { kind: "single", bytes: undefined, mask: 0 };
    case 2:
      return { kind: "implicit" };
    case 3:
      skip(cursor, 1);
      return { kind: "fixedArray" };
    case 4:
      skip(cursor, 5);
      return { kind: "extensibleArray" };
    case 5:
      skip(cursor, 6);
      return { kind: "tree2" };
    default:
      throw notSupported(t("a chunk index of kind {0}", kind));
  }
}
