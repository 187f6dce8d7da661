import type { Coding } from "#core/coding.ts";
import { t } from "@vscode/l10n";

import { type Cursor, decodeText, skip, takeBytes, takeNumber } from "./records.ts";
import { damaged, notSupported } from "./refusal.ts";

/** What was done to the chunks of a dataset, in this order. */
export interface Filter {
  readonly id: number;
  readonly values: readonly number[];
}

const ID = { deflate: 1, shuffle: 2, fletcher32: 3, lzf: 32_000, blosc: 32_001, lz4: 32_004, zstd: 32_015 };

const OTHERS: ReadonlyMap<number, string> = new Map([
  [4, "szip"],
  [5, "nbit"],
  [6, "scaleoffset"],
  [307, "bzip2"],
  [32_008, "bitshuffle"],
  [32_013, "zfp"],
  [32_026, "blosc2"],
]);

// HDF5's own limit.
const MAX_FILTERS = 32;
const CHECKSUM_BYTES = 4;

export function parseFilters(cursor: Cursor): readonly Filter[] {
  const version = takeNumber(cursor, 1);
  const count = takeNumber(cursor, 1);
  if ((version !== 1 && version !== 2) || count > MAX_FILTERS) {
    throw damaged(cursor.offset, t("A dataset has {0} filters, in version {1}.", count, version));
  }
  skip(cursor, version === 1 ? 6 : 0);
  return Array.from({ length: count }, () => takeFilter(cursor, version));
}

function takeFilter(cursor: Cursor, version: number): Filter {
  const id = takeNumber(cursor, 2);
  const nameBytes = version === 1 || id >= FIRST_REGISTERED ? takeNumber(cursor, 2) : 0;
  skip(cursor, 2); // Whether it may be left out.
  const valueCount = takeNumber(cursor, 2);
  const name = decodeText(takeBytes(cursor, version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes));
  const values = Array.from({ length: valueCount }, () => takeNumber(cursor, 4));
  skip(cursor, version === 1 && valueCount % 2 === 1 ? 4 : 0);
  if (!Object.values(ID).includes(id)) {
    const known = OTHERS.get(id) ?? (name === "" ? t("number {0}", id) : name);
    throw notSupported(t("the filter {0}", known));
  }
  return { id, values };
}

const FIRST_REGISTERED = 256;

export interface ChunkBytes {
  /** Of the chunk's elements. */
  readonly decoded: number;
  /** In the file. */
  readonly stored: number;
  /** A bit for each filter that this chunk was written without. */
  readonly mask: number;
}

/** How the filters are undone, last one first. Refuses what could not be. */
export function codingsOf(filters: readonly Filter[], { decoded, stored, mask }: ChunkBytes): readonly Coding[] {
  const codings: Coding[] = [];
  let bytes = decoded;
  for (const [at, filter] of filters.entries()) {
    if (((mask >>> at) & 1) === 0) {
      const { coding, bytesAfter } = undo(filter, { bytes, elementBytes: filter.values[0] ?? 1 });
      codings.unshift(coding);
      bytes = bytesAfter;
    }
  }
  const isCompressed = Number.isNaN(bytes);
  if (isCompressed ? decoded > stored * MAX_RATIO + MAX_RATIO : bytes !== stored) {
    throw notSupported(t("chunks of {0} bytes, which cannot hold the {1} of their elements", stored, decoded));
  }
  return codings;
}

// What deflate reaches at most. LZF and LZ4 reach less, and zstd more only for data without any content.
const MAX_RATIO = 1032;

interface Before {
  /** NaN after a compression: only the file knows. */
  readonly bytes: number;
  readonly elementBytes: number;
}

function undo(
  { id }: Filter,
  { bytes, elementBytes }: Before,
): { readonly coding: Coding; readonly bytesAfter: number } {
  switch (id) {
    case ID.shuffle:
      return { coding: { kind: "shuffle", bytes: Math.max(1, elementBytes) }, bytesAfter: bytes };
    case ID.fletcher32:
      return { coding: { kind: "fletcher32" }, bytesAfter: bytes + CHECKSUM_BYTES };
    default:
      if (Number.isNaN(bytes)) {
        throw notSupported(t("two compressions, one over the other"));
      }
      return { coding: { kind: COMPRESSIONS.get(id) ?? "zlib", decodedBytes: bytes }, bytesAfter: Number.NaN };
  }
}

const COMPRESSIONS: ReadonlyMap<number, "zlib" | "lzf" | "blosc" | "lz4Blocks" | "zstd"> = new Map([
  [ID.deflate, "zlib"],
  [ID.lzf, "lzf"],
  [ID.blosc, "blosc"],
  [ID.lz4, "lz4Blocks"],
  [ID.zstd, "zstd"],
] as const);
