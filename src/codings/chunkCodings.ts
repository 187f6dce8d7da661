import type { Coding } from "#core/coding.ts";

import { decompressBlosc } from "./blosc.ts";
import { decompressLz4Blocks, decompressSizedLz4 } from "./lz4.ts";
import { decompressLzf } from "./lzf.ts";

/** Compressions that need all bytes of a chunk at once. */
export type ChunkCoding = Extract<Coding, { readonly kind: keyof typeof DECOMPRESS }>;

const DECOMPRESS = {
  lzf: decompressLzf,
  blosc: decompressBlosc,
  lz4: decompressSizedLz4,
  lz4Blocks: decompressLz4Blocks,
};

export function isChunkCoding(coding: Coding): coding is ChunkCoding {
  return Object.hasOwn(DECOMPRESS, coding.kind);
}

/** Exactly as many bytes as were promised; throws a phrase about them where they are not what they should be. */
export function decompressChunk(bytes: Uint8Array, { kind, decodedBytes }: ChunkCoding): Uint8Array {
  return DECOMPRESS[kind](bytes, decodedBytes);
}
