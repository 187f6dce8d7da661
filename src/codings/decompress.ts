import { pipeline, Readable } from "node:stream";
import { createGunzip, createInflate, createInflateRaw, createZstdDecompress } from "node:zlib";

import type { Coding } from "#core/coding.ts";

import type { Bytes } from "./decoded.ts";

export type Compression = Extract<Coding, { readonly kind: "deflate" | "zlib" | "gzip" | "zstd" }>;

/** At most as many bytes as were promised: a stream that holds more is cut off, never kept. */
export async function* decompress(bytes: Bytes, { kind, decodedBytes }: Compression): Bytes {
  const decompressor = DECOMPRESSORS[kind]();
  pipeline(Readable.from(bytes), decompressor, () => undefined); // An error comes out of the iteration.
  const pieces: AsyncIterable<Uint8Array> = decompressor;
  let left = decodedBytes;
  try {
    for await (const piece of pieces) {
      if (piece.length > left) {
        throw new Error(`the compressed data hold more than the ${decodedBytes} bytes they should`);
      }
      left -= piece.length;
      yield piece;
    }
  } catch (error) {
    throw new Error(`Decompressing ${kind} data failed: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
}

const DECOMPRESSORS = {
  deflate: createInflateRaw,
  zlib: createInflate,
  gzip: createGunzip,
  zstd: createZstdDecompress,
};
