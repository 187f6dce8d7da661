import { inflateSync, zstdDecompressSync } from "node:zlib";
import { t } from "@vscode/l10n";

import { decompressBlosclz } from "./blosclz.ts";
import { decompressLz4 } from "./lz4.ts";
import { unshuffle, unshuffleBits } from "./shuffle.ts";

/**
 * A chunk of Blosc 1 (README_CHUNK_FORMAT.rst of c-blosc), as zarr-python 2 writes by default: a header, where blocks start, and
 * blocks whose bytes were shuffled and compressed, some of them in a stream for each byte of an element.
 */
export function decompressBlosc(bytes: Uint8Array, decodedBytes: number): Uint8Array {
  const chunk = parseChunk(bytes, decodedBytes);
  if (chunk.isPlain) {
    return bytes.slice(HEADER_BYTES, HEADER_BYTES + decodedBytes);
  }
  const decoded = new Uint8Array(decodedBytes);
  const { view, blockBytes } = chunk;
  for (let start = 0, at = HEADER_BYTES; start < decodedBytes; start += blockBytes, at += SIZE_BYTES) {
    const length = Math.min(blockBytes, decodedBytes - start);
    decoded.set(unshuffled(chunk, readBlock(chunk, view.getUint32(at, true), length)), start);
  }
  return decoded;
}

const HEADER_BYTES = 16;
const SIZE_BYTES = 4;

interface Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly elementBytes: number;
  readonly blockBytes: number;
  readonly isShuffled: boolean;
  readonly isBitShuffled: boolean;
  /** The bytes themselves, because they could not be made smaller. */
  readonly isPlain: boolean;
  readonly isSplit: boolean;
  readonly decompress: (bytes: Uint8Array, decodedBytes: number) => Uint8Array;
}

/** Version 2 is that of Blosc 1; larger ones are of Blosc 2. */
const LAST_VERSION = 2;

function parseChunk(bytes: Uint8Array, decodedBytes: number): Chunk {
  const view = viewOfHeader(bytes);
  const flags = view.getUint8(2);
  const elementBytes = Math.max(1, view.getUint8(3));
  const [size, blockBytes, stored] = [view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)];
  if (size !== decodedBytes || stored !== bytes.length) {
    throw new Error(
      t("they say to hold {0} bytes in {1}; {2} in {3} were expected", size, stored, decodedBytes, bytes.length),
    );
  }
  const isPlain = (flags & 2) !== 0;
  const starts = isPlain ? decodedBytes : SIZE_BYTES * Math.ceil(decodedBytes / blockBytes);
  const codec = CODECS[flags >> 5];
  if (!(HEADER_BYTES + starts <= bytes.length)) {
    throw new Error(t("they end inside their header"));
  }
  if (codec === undefined) {
    throw new Error(t("they are compressed by method {0} of Blosc, which is not read", flags >> 5));
  }
  return {
    bytes,
    view,
    elementBytes,
    blockBytes,
    isShuffled: (flags & 1) !== 0,
    isBitShuffled: (flags & 4) !== 0,
    isPlain,
    isSplit: (flags & 16) === 0 && elementBytes <= MOST_STREAMS && blockBytes / elementBytes >= LEAST_STREAM_BYTES,
    decompress: codec,
  };
}

function viewOfHeader(bytes: Uint8Array): DataView {
  if (bytes.length < HEADER_BYTES || (bytes[0] ?? 0) > LAST_VERSION) {
    throw new Error(t("they do not start with a header of Blosc 1"));
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

const MOST_STREAMS = 16;
const LEAST_STREAM_BYTES = 128;

/** By their numbers; 2 is Snappy, which nobody chooses. */
const CODECS: readonly (Chunk["decompress"] | undefined)[] = [
  decompressBlosclz,
  decompressLz4,
  undefined,
  (bytes, decodedBytes) => inflateSync(bytes, { maxOutputLength: decodedBytes }),
  (bytes, decodedBytes) => zstdDecompressSync(bytes, { maxOutputLength: decodedBytes }),
];

/** The last block may be shorter, and is then one stream. */
function readBlock({ bytes, view, ...chunk }: Chunk, start: number, length: number): Uint8Array {
  const streams = chunk.isSplit && length === chunk.blockBytes ? chunk.elementBytes : 1;
  const streamBytes = Math.floor(length / streams);
  const block = new Uint8Array(length);
  let at = start;
  for (let stream = 0; stream < streams; stream += 1) {
    const stored = at + SIZE_BYTES > bytes.length ? Number.POSITIVE_INFINITY : view.getUint32(at, true);
    at += SIZE_BYTES;
    if (at + stored > bytes.length) {
      throw new Error(t("they end inside a block"));
    }
    const own = bytes.subarray(at, at + stored);
    const decoded = stored === streamBytes ? own : chunk.decompress(own, streamBytes);
    if (decoded.length !== streamBytes) {
      throw new Error(t("a block holds {0} of the {1} bytes it should", decoded.length, streamBytes));
    }
    block.set(decoded, stream * streamBytes);
    at += stored;
  }
  return block;
}

function unshuffled({ isShuffled, isBitShuffled, elementBytes }: Chunk, block: Uint8Array): Uint8Array {
  if (isShuffled && elementBytes > 1) {
    return unshuffle(block, elementBytes);
  }
  return isBitShuffled ? unshuffleBits(block, elementBytes) : block;
}
