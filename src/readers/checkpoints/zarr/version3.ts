import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { elementsOf } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { dtypeByName } from "../shared/arrayDType.ts";
import { asCounts, asRecord, asText } from "../shared/jsonFields.ts";
import { CHECKSUM_BYTES, configurationOf, type Fields, nameOf, parseChunkCodecs, type Piece } from "./codecs.ts";
import { fillBytes } from "./fill.ts";
import { type ChunkCoding, checkedShape, described, gridOf, type ShardLayout, type ZarrArray } from "./grid.ts";

/** A `zarr.json` of an array. What is unsupported is a phrase about the array. */
export function parseZarr3(json: unknown): Outcome<ZarrArray> {
  const fields = asRecord(json) ?? {};
  const shape = checkedShape(fields["shape"]);
  if (fields["zarr_format"] !== 3 || shape === undefined) {
    return malformed(0, t("zarr.json needs zarr_format 3 and a shape with less than 2^53 elements."));
  }
  const dtype = dtypeByName(asText(fields["data_type"]) ?? "");
  const stranger = dtype === undefined ? described(fields["data_type"]) : strangerIn(fields);
  if (dtype === undefined || stranger !== undefined) {
    return unsupported(
      dtype === undefined ? t("an array of {0}", stranger ?? "") : t("an array with {0}", stranger ?? ""),
    );
  }
  return parseGrid(fields, { dtype, shape });
}

function parseGrid(fields: Fields, { dtype, shape }: Piece): Outcome<ZarrArray> {
  const chunks = asCounts(configurationOf(fields["chunk_grid"])["chunk_shape"]) ?? [];
  const grid = gridOf(shape, chunks);
  if (grid === undefined) {
    return malformed(0, t("chunks of {0} cannot hold an array of shape {1}.", described(chunks), described(shape)));
  }
  const keyOf = keysOf(fields["chunk_key_encoding"]);
  if (keyOf === undefined) {
    return unsupported(t("an array with the keys {0}", described(fields["chunk_key_encoding"])));
  }
  const coding = parseCodecs(fields["codecs"], { dtype, shape: chunks });
  const fill = fillBytes(dtype, fields["fill_value"]);
  return coding.kind === "ok"
    ? ok({ dtype, shape, elements: elementsOf(shape), grid, keyOf, fill, ...coding.value })
    : coding;
}

/** Anything that changes where elements are, and that is not known. */
function strangerIn(fields: Fields): string | undefined {
  if (nameOf(fields["chunk_grid"]) !== "regular") {
    return t("the grid {0}", described(nameOf(fields["chunk_grid"])));
  }
  const transformers = fields["storage_transformers"];
  return Array.isArray(transformers) && transformers.length > 0
    ? t("the storage transformer {0}", described(nameOf(transformers[0])))
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
    return malformed(0, t("chunks of {0} do not fill shards of {1}.", described(inner), described(shape)));
  }
  const chunk = parseChunkCodecs(fields["codecs"], { dtype, shape: inner });
  if (chunk.kind !== "ok") {
    return chunk;
  }
  const indexCodecs: readonly unknown[] = Array.isArray(fields["index_codecs"]) ? fields["index_codecs"] : [];
  const names = indexCodecs.map(nameOf);
  if (!/^bytes(,crc32c)?$/.test(names.join(",")) || configurationOf(indexCodecs[0])["endian"] === "big") {
    return unsupported(t("an array in shards whose index is coded with {0}", described(names)));
  }
  const { counts, total } = grid;
  const indexBytes = total * INDEX_ENTRY_BYTES + (names.length - 1) * CHECKSUM_BYTES;
  const isIndexFirst = fields["index_location"] === "start";
  return ok({ chunk: chunk.value, shard: { counts, total, isIndexFirst, indexBytes } });
}

export const INDEX_ENTRY_BYTES = 16;
