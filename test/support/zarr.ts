import { gzipSync, zstdCompressSync } from "node:zlib";

import { bytesOf, concat } from "./safetensors.ts";

/** A `.zarray` of float32 in two dimensions, with other members where a test wants them. */
export function zarray(members: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    zarr_format: 2,
    shape: [3, 5],
    chunks: [2, 3],
    dtype: "<f4",
    compressor: null,
    fill_value: 0,
    filters: null,
    order: "C",
    ...members,
  });
}

/** A `zarr.json` of the same array. */
export function zarrJson(codecs: readonly unknown[], members: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    zarr_format: 3,
    node_type: "array",
    shape: [3, 5],
    data_type: "float32",
    chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 3] } },
    chunk_key_encoding: { name: "default" },
    fill_value: 0,
    codecs,
    ...members,
  });
}

export const BYTES = { name: "bytes", configuration: { endian: "little" } };
export const BIG_BYTES = { name: "bytes", configuration: { endian: "big" } };
export const ZSTD = { name: "zstd", configuration: { level: 3, checksum: false } };
export const GZIP = { name: "gzip", configuration: { level: 5 } };
export const CRC32C = { name: "crc32c" };
export const COLUMNS_FIRST = { name: "transpose", configuration: { order: [1, 0] } };

/** 1, 2, 3 … 15 in three rows: its chunks of two rows and three columns, padded with 99 at the edges. */
export const CHUNKS: Readonly<Record<string, readonly number[]>> = {
  "0,0": [1, 2, 3, 6, 7, 8],
  "0,1": [4, 5, 99, 9, 10, 99],
  "1,0": [11, 12, 13, 99, 99, 99],
  "1,1": [14, 15, 99, 99, 99, 99],
};

export const NORM = Math.sqrt(1240);

export type Encode = (values: readonly number[]) => Uint8Array;

export const plain: Encode = (values) => bytesOf(Float32Array.from(values));
export const bigEndian: Encode = (values) => {
  const bytes = plain(values);
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).swap32();
  return bytes;
};
/** A chunk of two rows, column after column. */
export const byColumns: Encode = (values) => plain([0, 3, 1, 4, 2, 5].map((at) => values[at] ?? 0));
export const zstd: Encode = (values) => zstdCompressSync(plain(values));
export const gzip: Encode = (values) => gzipSync(plain(values));
/** A checksum after it, which is not looked at. */
export const checked: Encode = (values) => concat([plain(values), Uint8Array.of(1, 2, 3, 4)]);

/** The chunks as files below `w`. */
export function chunkFiles(keyOf: (row: string, column: string) => string, encode: Encode): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(CHUNKS).map(([at, values]) => {
      const [row = "", column = ""] = at.split(",");
      return [`w/${keyOf(row, column)}`, encode(values)];
    }),
  );
}

/** Chunks in one shard: their data, then for each where it lies, all ones for one that is missing; then a checksum. */
export function shard(chunks: readonly (Uint8Array | undefined)[], isIndexFirst = false): Uint8Array {
  const index = new DataView(new ArrayBuffer(chunks.length * 16 + 4));
  let end = isIndexFirst ? index.byteLength : 0;
  chunks.forEach((chunk, at) => {
    index.setBigUint64(at * 16, chunk === undefined ? 2n ** 64n - 1n : BigInt(end), true);
    index.setBigUint64(at * 16 + 8, chunk === undefined ? 2n ** 64n - 1n : BigInt(chunk.length), true);
    end += chunk?.length ?? 0;
  });
  const data = chunks.map((chunk) => chunk ?? new Uint8Array());
  return concat(isIndexFirst ? [bytesOf(index), ...data] : [...data, bytesOf(index)]);
}

/** Chunks of the array in one shard of four rows and six columns. */
export const SHARDS = (codecs: readonly unknown[], index = {}): readonly unknown[] => [
  {
    name: "sharding_indexed",
    configuration: { chunk_shape: [2, 3], codecs, index_codecs: [BYTES, CRC32C], ...index },
  },
];
export const ONE_SHARD = { chunk_grid: { name: "regular", configuration: { chunk_shape: [4, 6] } } };
