import type { Coding } from "#core/coding.ts";
import { bitsOf, type DType } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { asCounts, asRecord, asText } from "../shared/jsonFields.ts";
import { checkedProduct } from "../shared/product.ts";
import { type ChunkCoding, described, stridesIn, swapCoding } from "./grid.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A chunk, or a shard of chunks. */
export interface Piece {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** Names of codecs and the like have their settings beside them; one without any may be a bare name. */
export function nameOf(value: unknown): string {
  return asText(value) ?? asText(asRecord(value)?.["name"]) ?? described(value);
}

export function configurationOf(value: unknown): Fields {
  return asRecord(asRecord(value)?.["configuration"]) ?? {};
}

/** Any transpositions, then `bytes`, then at most one compression; checksums are taken off and not computed. */
export function parseChunkCodecs(codecs: unknown, { dtype, shape }: Piece): Outcome<ChunkCoding> {
  const list: readonly unknown[] = Array.isArray(codecs) ? codecs : [];
  const bytes = checkedProduct([...shape, bitsOf(dtype) / 8]) ?? 0;
  if (bytes === 0 || list.length === 0) {
    return malformed(0, t("chunks of {0} cannot be read with the codecs {1}.", described(shape), described(codecs)));
  }
  const order = shape.map((_, axis) => axis);
  const draft: Draft = { order, isBigEndian: false, bytes, compression: undefined, trailingBytes: 0 };
  for (const codec of list) {
    if (CODECS.get(nameOf(codec))?.(draft, configurationOf(codec)) !== true) {
      return unsupported(t("an array coded with {0}", described(nameOf(codec))));
    }
  }
  const { compression, isBigEndian, trailingBytes } = draft;
  const strides = stridesIn(shape, draft.order);
  const isRowMajor = draft.order.every((axis, at) => axis === at);
  const codings = [...(compression === undefined ? [] : [compression]), ...swapCoding(dtype, isBigEndian)];
  return ok({ shape, strides, isRowMajor, bytes, codings, trailingBytes });
}

/** What the codecs so far make of a chunk. */
interface Draft {
  order: readonly number[];
  isBigEndian: boolean;
  /** With the checksums so far. */
  bytes: number;
  compression: Coding | undefined;
  /** After the stored data, where the reader can leave them off; those inside the compression are not. */
  trailingBytes: number;
}

/** Each says whether it can be undone there. */
const CODECS: ReadonlyMap<string, (draft: Draft, settings: Fields) => boolean> = new Map(
  Object.entries<(draft: Draft, settings: Fields) => boolean>({
    transpose,
    bytes(draft, { endian }) {
      draft.isBigEndian = endian === "big";
      return true;
    },
    zstd: (draft) => compress(draft, "zstd"),
    gzip: (draft) => compress(draft, "gzip"),
    "numcodecs.zlib": (draft) => compress(draft, "zlib"),
    blosc: (draft) => compress(draft, "blosc"),
    "numcodecs.blosc": (draft) => compress(draft, "blosc"),
    "numcodecs.lz4": (draft) => compress(draft, "lz4"),
    crc32c(draft) {
      draft.bytes += CHECKSUM_BYTES;
      draft.trailingBytes += CHECKSUM_BYTES;
      return true;
    },
  }),
);

export const CHECKSUM_BYTES = 4;

function transpose(draft: Draft, settings: Fields): boolean {
  const permutation = asCounts(settings["order"]) ?? [];
  const { order } = draft;
  draft.order = permutation.map((axis) => order[axis] ?? 0);
  return permutation.length === order.length && new Set(draft.order).size === order.length;
}

function compress(draft: Draft, kind: Compression): boolean {
  const isFirst = draft.compression === undefined;
  draft.compression = { kind, decodedBytes: draft.bytes };
  draft.trailingBytes = 0;
  return isFirst && canDecompress(kind, draft.bytes);
}

export type Compression = "zstd" | "gzip" | "zlib" | "blosc" | "lz4";

// They are decompressed at once; chunks have a few megabytes where nobody asked for more.
const MAX_WHOLE_BYTES = 128 * 1024 * 1024;

/** Whether a chunk of so many bytes fits into memory, where all of it must be there. */
export function canDecompress(kind: Compression, bytes: number): boolean {
  return (kind !== "blosc" && kind !== "lz4") || bytes <= MAX_WHOLE_BYTES;
}
