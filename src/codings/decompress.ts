import { pipeline, Readable } from "node:stream";
import {
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";

import type { Coding } from "#core/coding.ts";
import { t } from "@vscode/l10n";

import { createDamage } from "./damage.ts";
import type { Bytes } from "./bytes.ts";
import { type FramePiece, zstdFrames } from "./zstdFrames.ts";

export type Compression = Extract<Coding, { readonly kind: "deflate" | "zlib" | "gzip" | "zstd" }>;

export function isCompression(coding: Coding): coding is Compression {
  return ["deflate", "zlib", "gzip", "zstd"].includes(coding.kind);
}

/** Exactly as many bytes as were promised: a stream that holds more is cut off, never kept. */
export async function* decompress(bytes: Bytes, { kind, decodedBytes }: Compression): Bytes {
  const pieces = kind === "zstd" ? zstdPieces(bytes) : piecesOf(bytes, DECOMPRESSORS[kind]());
  let left = decodedBytes;
  try {
    for await (const piece of pieces) {
      if (piece.length > left) {
        throw tooMuch(decodedBytes);
      }
      left -= piece.length;
      yield piece;
    }
    if (left > 0) {
      throw tooLittle(decodedBytes - left, decodedBytes);
    }
  } catch (error) {
    throw describe(kind, error);
  }
}

/** All that a file of one of these kinds holds, however much that is. */
export function decompressFile(kind: "gzip" | "zstd", bytes: Bytes): Bytes {
  return kind === "zstd" ? zstdPieces(bytes) : piecesOf(bytes, createGunzip());
}

/** The same at once, for data that are small both ways. */
export function decompressWhole(bytes: Uint8Array, { kind, decodedBytes }: Compression): Uint8Array {
  try {
    const decoded = kind === "zstd" ? zstdWhole(bytes, decodedBytes) : WHOLE[kind](bytes, limits(decodedBytes));
    if (decoded.length < decodedBytes) {
      throw tooLittle(decoded.length, decodedBytes);
    }
    return decoded;
  } catch (error) {
    const isTooMuch = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw describe(kind, isTooMuch ? tooMuch(decodedBytes) : error);
  }
}

const DECOMPRESSORS = { deflate: createInflateRaw, zlib: createInflate, gzip: createGunzip };
const WHOLE = { deflate: inflateRawSync, zlib: inflateSync, gzip: gunzipSync };

function tooMuch(expected: number): Error {
  return new Error(t("they hold more than the {0} bytes they should", expected));
}

function tooLittle(given: number, expected: number): Error {
  return new Error(t("they hold {0} of the {1} bytes they should", given, expected));
}

function describe(kind: Compression["kind"], error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return createDamage(t("these {0} data cannot be decompressed: {1}", kind, reason), error);
}

async function* piecesOf(bytes: Bytes, decompressor: NodeJS.ReadWriteStream): Bytes {
  // One piece is read ahead. An error comes out of the iteration, which also stops both streams when it ends early.
  pipeline(Readable.from(bytes, { highWaterMark: 1 }), decompressor, () => undefined);
  for await (const piece of decompressor) {
    yield typeof piece === "string" ? Buffer.from(piece) : piece;
  }
}

/** zstd itself refuses windows above 128 MiB; memory is taken only as the window is filled. */
async function* zstdPieces(bytes: Bytes): Bytes {
  const frames = zstdFrames(bytes);
  try {
    for (let first = await frames.next(); first.done !== true; first = await frames.next()) {
      yield* piecesOf(oneFrame(first.value, frames), createZstdDecompress());
    }
  } finally {
    await frames.return();
    await bytes.return();
  }
}

/** The pieces of one frame; does not end the frames after it. Few large pieces take fewer turns of the decompressor. */
async function* oneFrame(first: FramePiece, frames: AsyncGenerator<FramePiece, void, undefined>): Bytes {
  let joined: Uint8Array[] = [];
  let bytes = 0;
  for (let piece: FramePiece | undefined = first; piece !== undefined;) {
    joined.push(piece.bytes);
    bytes += piece.bytes.length;
    if (bytes >= FEED_BYTES || piece.endsFrame) {
      yield Buffer.concat(joined);
      joined = [];
      bytes = 0;
    }
    piece = piece.endsFrame ? undefined : ((await frames.next()).value ?? undefined);
  }
}

const FEED_BYTES = 256 * 1024;

interface Limits {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
}

function limits(decodedBytes: number): Limits {
  return { maxOutputLength: Math.max(1, decodedBytes), chunkSize: Math.max(MIN_CHUNK_BYTES, decodedBytes) };
}

const MIN_CHUNK_BYTES = 64; // Node's least.

function zstdWhole(bytes: Uint8Array, decodedBytes: number): Uint8Array {
  const frames: Uint8Array[] = [];
  let left = decodedBytes;
  for (let at = 0; at < bytes.length;) {
    const { buffer, engine } = zstdWithInfo(bytes.subarray(at), left);
    frames.push(buffer);
    left -= buffer.length;
    at += engine.bytesWritten;
  }
  const [only, ...others] = frames;
  return only !== undefined && others.length === 0 ? only : Buffer.concat(frames);
}

interface WithInfo {
  readonly buffer: Buffer;
  /** Its `bytesWritten` are those that the first frame took. */
  readonly engine: { readonly bytesWritten: number };
}

function zstdWithInfo(bytes: Uint8Array, decodedBytes: number): WithInfo {
  const decoded: unknown = zstdDecompressSync(bytes, { ...limits(decodedBytes), info: true });
  if (!isWithInfo(decoded)) {
    throw new Error(t("zstd gave no result"));
  }
  return decoded;
}

function isWithInfo(value: unknown): value is WithInfo {
  return typeof value === "object" && value !== null && "buffer" in value && "engine" in value;
}
