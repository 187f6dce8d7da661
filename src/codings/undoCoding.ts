import type { Coding } from "#core/coding.ts";

import type { Bytes } from "./bytes.ts";
import { decompressChunk, isChunkCoding } from "./chunkCodings.ts";
import type { Codebook } from "./codebook.ts";
import { decompress, decompressWhole, isCompression } from "./decompress.ts";
import { withoutFletcher32 } from "./fletcher32.ts";
import { decodeOnePiece, decodePieces, isPieceCoding } from "./pieces.ts";
import { unshuffle } from "./shuffle.ts";
import { swapBytes, swapInPlace } from "./swapBytes.ts";

export type StreamedCoding = Exclude<Coding, Codebook>;

/** A codebook is undone where it lies, not in a stream. */
export function isStreamed(coding: Coding): coding is StreamedCoding {
  return coding.kind !== "codebook";
}

/** Undoes one coding of all bytes at once, and may do it in them. Throws when they are not what it says. */
export function undoWhole(bytes: Uint8Array, coding: StreamedCoding): Uint8Array {
  if (isCompression(coding)) {
    return decompressWhole(bytes, coding);
  }
  if (isPieceCoding(coding)) {
    return decodeOnePiece(bytes, coding);
  }
  if (isChunkCoding(coding)) {
    return decompressChunk(bytes, coding);
  }
  switch (coding.kind) {
    case "bigEndian":
      return swapInPlace(bytes.subarray(0, bytes.length - (bytes.length % coding.bytes)), coding.bytes);
    case "skip":
      return bytes.subarray(coding.bytes);
    case "inline":
      return Uint8Array.from(Buffer.from(coding.base64, "base64"));
    case "shuffle":
      return unshuffle(bytes, coding.bytes);
    case "fletcher32":
      return withoutFletcher32(bytes);
  }
}

/** Undoes one coding of bytes that come piece by piece. */
export function undoStreamed(coding: StreamedCoding, bytes: Bytes): Bytes {
  if (isCompression(coding)) {
    return decompress(bytes, coding);
  }
  if (isPieceCoding(coding)) {
    return decodePieces(bytes, coding);
  }
  if (isChunkCoding(coding)) {
    return collected(bytes, (whole) => decompressChunk(whole, coding));
  }
  switch (coding.kind) {
    case "bigEndian":
      return swapBytes(bytes, coding.bytes);
    case "skip":
      return skip(bytes, coding.bytes);
    case "inline":
      return inline(coding.base64);
    case "shuffle":
    case "fletcher32":
      return collected(bytes, (whole) => undoWhole(whole, coding));
  }
}

async function* skip(bytes: Bytes, count: number): Bytes {
  let left = count;
  for await (const piece of bytes) {
    const skipped = Math.min(left, piece.length);
    left -= skipped;
    if (skipped < piece.length) {
      yield piece.subarray(skipped);
    }
  }
}

async function* inline(base64: string): Bytes {
  yield Uint8Array.from(Buffer.from(base64, "base64"));
}

/** What needs all bytes of a part at once: a reader lets only parts through that fit into memory. */
async function* collected(bytes: Bytes, undoAll: (whole: Uint8Array) => Uint8Array): Bytes {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) {
    pieces.push(piece);
  }
  yield undoAll(Buffer.concat(pieces));
}
