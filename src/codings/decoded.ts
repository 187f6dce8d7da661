import type { ReadInto } from "#core/byteSource.ts";
import type { Coding } from "#core/coding.ts";
import { decodedBytes, type TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { type Codebook, openCodebook } from "./codebook.ts";
import { createDamage, isDamage } from "./damage.ts";
import { decompress, decompressWhole, isCompression } from "./decompress.ts";
import { withoutFletcher32 } from "./fletcher32.ts";
import { decompressChunk, isChunkCoding } from "./chunkCodings.ts";
import { decodeOnePiece, decodePieces, isPieceCoding } from "./pieces.ts";
import { unshuffle } from "./shuffle.ts";
import { swapBytes, swapInPlace } from "./swapBytes.ts";

/**
 * Gives a part's elements as little-endian bytes: offsets are those of the decoded bytes. What is coded is decoded from the
 * start on, so offsets should ascend; going back starts again. A request past the end, or data that are not what their
 * coding says, is a rejection with a sentence for people.
 */
export function openPart(part: TensorPart, readFile: ReadInto): ReadInto {
  return open(part, readFile).read;
}

/** Opens parts one after another: opening one stops what decodes the one before. */
export interface PartOpener {
  readonly open: (part: TensorPart, readFile: ReadInto) => ReadInto;
  /** Stops what decodes the last part. */
  readonly close: () => Promise<void>;
}

export function createPartOpener(): PartOpener {
  let current: Opened | undefined;
  let stopped: Promise<void> = Promise.resolve();
  return {
    open(part, readFile) {
      const before = current?.stop;
      stopped = stopped.then(async () => before?.());
      current = open(part, readFile);
      return current.read;
    },
    async close() {
      await stopped;
      await current?.stop();
      current = undefined;
    },
  };
}

interface Opened {
  readonly read: ReadInto;
  readonly stop: () => Promise<void>;
}

function open(part: TensorPart, readFile: ReadInto): Opened {
  const { codings = [] } = part;
  if (codings.length === 0) {
    return openPlain(part, readFile);
  }
  const codebook = codings.find((coding) => coding.kind === "codebook");
  if (codebook !== undefined) {
    return openTable(part, codebook, readFile);
  }
  return isSmall(part) ? openWhole(part, readFile) : openStream(part, readFile);
}

function checkRange({ file, offset }: TensorPart, end: number, size: number): void {
  if (end > size) {
    throw createDamage(t("{0}: byte {1} of {2} was asked for in the data at {3}.", file, end, size, offset));
  }
}

function openPlain(part: TensorPart, readFile: ReadInto): Opened {
  return {
    async read(target, offset) {
      checkRange(part, offset + target.length, part.byteLength);
      await readFile(target, part.offset + offset);
    },
    stop: async () => undefined,
  };
}

function openTable(part: TensorPart, codebook: Codebook, readFile: ReadInto): Opened {
  const read = openCodebook(part, codebook, readFile);
  return {
    async read(target, offset) {
      checkRange(part, offset + target.length, decodedBytes(part));
      await read(target, offset);
    },
    stop: async () => undefined,
  };
}

// A stream costs more than the decoding of so few bytes.
const SMALL_STORED_BYTES = 128 * 1024;
const SMALL_DECODED_BYTES = 1024 * 1024;

/** Whether all steps of decoding fit into memory at once. */
function isSmall({ byteLength, codings = [] }: TensorPart): boolean {
  return (
    byteLength <= SMALL_STORED_BYTES &&
    codings.every((coding) => !("decodedBytes" in coding) || coding.decodedBytes <= SMALL_DECODED_BYTES)
  );
}

function openWhole(part: TensorPart, readFile: ReadInto): Opened {
  let decoded: Uint8Array | undefined;
  return {
    async read(target, offset) {
      checkRange(part, offset + target.length, decodedBytes(part));
      decoded ??= await decodeWhole(part, readFile);
      target.set(decoded.subarray(offset, offset + target.length));
    },
    stop: async () => undefined,
  };
}

async function decodeWhole(part: TensorPart, readFile: ReadInto): Promise<Uint8Array> {
  const { offset, byteLength, codings = [] } = part;
  const bytes = new Uint8Array(byteLength);
  if (byteLength > 0) {
    await readFile(bytes, offset);
  }
  try {
    const decoded = codings.filter(isStreamed).reduce(undoWhole, bytes);
    if (decoded.length !== decodedBytes(part)) {
      throw new Error(t("they end after {0} bytes; {1} were expected", decoded.length, decodedBytes(part)));
    }
    return decoded;
  } catch (error) {
    throw atPlace(part, error);
  }
}

type Streamed = Exclude<Coding, Codebook>;

/** A codebook is undone where it lies, not in a stream. */
function isStreamed(coding: Coding): coding is Streamed {
  return coding.kind !== "codebook";
}

function undoWhole(bytes: Uint8Array, coding: Streamed): Uint8Array {
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

function atPlace({ file, offset }: TensorPart, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return createDamage(t("{0}: the data at {1} are damaged: {2}.", file, offset, reason), error);
}

/** Starts the stream with the first read; starts it again when an offset lies before it. */
function openStream(part: TensorPart, readFile: ReadInto): Opened {
  let stream: Stream | undefined;
  const stop = async (): Promise<void> => {
    await stream?.stop();
    stream = undefined;
  };
  return {
    async read(target, offset) {
      checkRange(part, offset + target.length, decodedBytes(part));
      if (stream !== undefined && offset < stream.position()) {
        await stop();
      }
      stream ??= startStream(part, readFile);
      await stream.read(target, offset);
    },
    stop,
  };
}

interface Stream {
  /** Decoded bytes that were taken. */
  readonly position: () => number;
  readonly read: ReadInto;
  readonly stop: () => Promise<void>;
}

export type Bytes = AsyncGenerator<Uint8Array, void, undefined>;

function startStream(part: TensorPart, readFile: ReadInto): Stream {
  const size = decodedBytes(part);
  const { bytes, readFailure } = decodedStream(part, readFile);
  let position = 0;
  let ready: Uint8Array = new Uint8Array();

  async function next(): Promise<Uint8Array | undefined> {
    try {
      const { value, done } = await bytes.next();
      return done === true ? undefined : value;
    } catch (error) {
      // What cannot be read is not damaged: it may come back.
      throw readFailure() ?? (isDamage(error) || error instanceof Error ? atPlace(part, error) : error);
    }
  }

  async function take(most: number): Promise<Uint8Array> {
    while (ready.length === 0) {
      const piece = await next();
      if (piece === undefined) {
        throw atPlace(part, t("they end after {0} bytes; {1} were expected", position, size));
      }
      ready = piece;
    }
    const taken = ready.subarray(0, most);
    ready = ready.subarray(taken.length);
    position += taken.length;
    return taken;
  }

  /** All elements were given: what still comes is too much, or says that a checksum is wrong. */
  async function finish(): Promise<void> {
    for (let piece: Uint8Array | undefined = ready; piece !== undefined; piece = await next()) {
      if (piece.length > 0) {
        throw atPlace(part, t("they hold more than the {0} bytes they should", size));
      }
    }
  }

  return {
    position: () => position,
    async read(target, offset) {
      while (position < offset) {
        await take(offset - position);
      }
      for (let filled = 0; filled < target.length;) {
        const taken = await take(target.length - filled);
        target.set(taken, filled);
        filled += taken.length;
      }
      if (position === size) {
        await finish();
      }
    },
    stop: async () => void (await bytes.return()),
  };
}

const READ_BYTES = 256 * 1024;

interface DecodedStream {
  readonly bytes: Bytes;
  /** Why the file could not be read, if that was it. */
  readonly readFailure: () => unknown;
}

function decodedStream({ offset, byteLength, codings = [] }: TensorPart, readFile: ReadInto): DecodedStream {
  let failure: unknown;
  async function* stored(): Bytes {
    for (let at = 0; at < byteLength; at += READ_BYTES) {
      const bytes = new Uint8Array(Math.min(READ_BYTES, byteLength - at)); // A decompressor may keep it.
      try {
        await readFile(bytes, offset + at);
      } catch (error) {
        failure = error;
        throw error;
      }
      yield bytes;
    }
  }
  return {
    bytes: codings.filter(isStreamed).reduce((stream, coding) => undo(coding, stream), stored()),
    readFailure: () => failure,
  };
}

function undo(coding: Streamed, bytes: Bytes): Bytes {
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
