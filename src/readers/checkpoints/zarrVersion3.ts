import type { Coding } from "#core/coding.ts";
import { bitsOf, type DType } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";

import { dtypeByName } from "./arrayDType.ts";
import { asCounts, asRecord, asText } from "./jsonFields.ts";
import { checkedProduct } from "./product.ts";
import { fillBytes } from "./zarrFill.ts";
import { type ChunkCoding, gridOf, type ShardLayout, stridesIn, type ZarrArray } from "./zarrGrid.ts";
import { described, MAX_RANK, swapBytes } from "./zarrVersion2.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A `zarr.json` of an array. What is unsupported is a phrase about the array. */
export function parseZarr3(json: unknown): Outcome<ZarrArray> {
  const fields = asRecord(json) ?? {};
  const shape = asCounts(fields["shape"]);
  const elements = checkedProduct(shape ?? [Number.NaN]);
  const chunks = asCounts(configurationOf(fields["chunk_grid"])["chunk_shape"]);
  if (fields["zarr_format"] !== 3 || shape === undefined || elements === undefined || shape.length > MAX_RANK) {
    return malformed(0, "zarr.json needs zarr_format 3 and a shape with less than 2^53 elements.");
  }
  const dtype = dtypeByName(asText(fields["data_type"]) ?? "");
  if (dtype === undefined) {
    return unsupported(`an array of ${described(fields["data_type"])}`);
  }
  const stranger = strangerIn(fields);
  if (stranger !== undefined || chunks === undefined) {
    return unsupported(`an array with ${stranger ?? `the grid ${described(fields["chunk_grid"])}`}`);
  }
  const grid = gridOf(shape, chunks);
  const coding = grid && parseCodecs(fields["codecs"], { dtype, shape: chunks });
  const keyOf = keysOf(fields["chunk_key_encoding"]);
  if (grid === undefined || coding === undefined) {
    return malformed(0, `chunks of ${described(chunks)} cannot hold an array of shape ${described(shape)}.`);
  }
  if (keyOf === undefined) {
    return unsupported(`an array with the keys ${described(fields["chunk_key_encoding"])}`);
  }
  const fill = fillBytes(dtype, fields["fill_value"]);
  return coding.kind === "ok" ? ok({ dtype, shape, elements, grid, keyOf, fill, ...coding.value }) : coding;
}

/** Names of codecs and the like have their settings beside them; one without any may be a bare name. */
function nameOf(value: unknown): string {
  return asText(value) ?? asText(asRecord(value)?.["name"]) ?? described(value);
}

function configurationOf(value: unknown): Fields {
  return asRecord(asRecord(value)?.["configuration"]) ?? {};
}

/** Anything that changes where elements are, and that is not known. */
function strangerIn(fields: Fields): string | undefined {
  if (nameOf(fields["chunk_grid"]) !== "regular") {
    return `the grid ${described(nameOf(fields["chunk_grid"]))}`;
  }
  const transformers = fields["storage_transformers"];
  return Array.isArray(transformers) && transformers.length > 0
    ? `the storage transformer ${described(nameOf(transformers[0]))}`
    : undefined;
}

function keysOf(encoding: unknown): ((index: readonly number[]) => string) | undefined {
  const name = nameOf(encoding);
  const separator = configurationOf(encoding)["separator"] ?? (name === "v2" ? "." : "/");
  if ((name !== "default" && name !== "v2") || (separator !== "." && separator !== "/")) {
    return undefined;
  }
  return name === "v2"
    ? (index) => (index.length === 0 ? "0" : index.join(separator))
    : (index) => ["c", ...index].join(separator);
}

interface Coded {
  readonly chunk: ChunkCoding;
  readonly shard?: ShardLayout;
}

interface Piece {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

function parseCodecs(codecs: unknown, piece: Piece): Outcome<Coded> {
  const list: readonly unknown[] = Array.isArray(codecs) ? codecs : [];
  if (list.length === 1 && nameOf(list[0]) === "sharding_indexed") {
    return parseSharding(configurationOf(list[0]), piece);
  }
  const chunk = parseChunkCodecs(list, piece);
  return chunk.kind === "ok" ? ok({ chunk: chunk.value }) : chunk;
}

function parseSharding(fields: Fields, { dtype, shape }: Piece): Outcome<Coded> {
  const inner = asCounts(fields["chunk_shape"]) ?? [];
  const grid = gridOf(shape, inner);
  if (grid === undefined || shape.some((size, axis) => size % (inner[axis] ?? 0) !== 0)) {
    return malformed(0, `chunks of ${described(inner)} do not fill shards of ${described(shape)}.`);
  }
  const codecs = fields["codecs"];
  const chunk = parseChunkCodecs(Array.isArray(codecs) ? codecs : [], { dtype, shape: inner });
  if (chunk.kind !== "ok") {
    return chunk;
  }
  const indexCodecs: readonly unknown[] = Array.isArray(fields["index_codecs"]) ? fields["index_codecs"] : [];
  const names = indexCodecs.map(nameOf);
  if (!/^bytes(,crc32c)?$/.test(names.join(",")) || configurationOf(indexCodecs[0])["endian"] === "big") {
    return unsupported(`an array in shards whose index is coded with ${described(names)}`);
  }
  const { counts, total } = grid;
  const indexBytes = total * INDEX_ENTRY_BYTES + (names.length - 1) * CHECKSUM_BYTES;
  const isIndexFirst = fields["index_location"] === "start";
  return ok({ chunk: chunk.value, shard: { counts, total, isIndexFirst, indexBytes } });
}

export const INDEX_ENTRY_BYTES = 16;
const CHECKSUM_BYTES = 4;

/** Any transpositions, then `bytes`, then at most one compression; checksums are taken off and not computed. */
function parseChunkCodecs(codecs: readonly unknown[], { dtype, shape }: Piece): Outcome<ChunkCoding> {
  let order: readonly number[] = shape.map((_, axis) => axis);
  let isBigEndian = false;
  let decodedBytes = checkedProduct([...shape, bitsOf(dtype) / 8]) ?? 0;
  const bytes = decodedBytes;
  const compression: Coding[] = [];
  let trailingBytes = 0;
  if (bytes === 0 || codecs.length === 0) {
    return malformed(0, `chunks of ${described(shape)} cannot be read with the codecs ${described(codecs)}.`);
  }
  for (const codec of codecs) {
    const name = nameOf(codec);
    const settings = configurationOf(codec);
    const permutation = asCounts(settings["order"]) ?? [];
    if (name === "transpose" && isPermutation(permutation, shape.length)) {
      const before = order;
      order = permutation.map((axis) => before[axis] ?? 0);
    } else if (name === "bytes") {
      isBigEndian = settings["endian"] === "big";
    } else if ((name === "zstd" || name === "gzip" || name === "numcodecs.zlib") && compression.length === 0) {
      const kind = name === "numcodecs.zlib" ? "zlib" : name;
      compression.push({ kind, decodedBytes });
    } else if (name === "crc32c" && compression.length === 0) {
      decodedBytes += CHECKSUM_BYTES;
      trailingBytes += CHECKSUM_BYTES;
    } else if (name === "crc32c") {
      trailingBytes = CHECKSUM_BYTES;
    } else {
      return unsupported(`an array coded with ${described(name)}`);
    }
    if (compression.length > 0 && name !== "crc32c") {
      trailingBytes = 0; // Those before the compression are inside it.
    }
  }
  const swap: readonly Coding[] = isBigEndian ? [{ kind: "bigEndian", bytes: swapBytes({ dtype, isBigEndian }) }] : [];
  const strides = stridesIn(shape, order);
  const isRowMajor = order.every((axis, at) => axis === at);
  return ok({ shape, strides, isRowMajor, bytes, codings: [...compression, ...swap], trailingBytes });
}

function isPermutation(order: readonly number[], rank: number): boolean {
  return order.length === rank && new Set(order).size === rank && order.every((axis) => axis < rank);
}
