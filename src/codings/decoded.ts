import type { ReadInto } from "#core/byteSource.ts";
import type { Coding } from "#core/coding.ts";
import { decodedBytes, type TensorPart } from "#core/tensorPart.ts";

import { decompress } from "./decompress.ts";
import { records } from "./records.ts";
import { swapBytes } from "./swapBytes.ts";
import { varints } from "./varints.ts";

/**
 * Gives a part's elements as little-endian bytes: offsets are those of the decoded bytes. What is coded is decoded from the
 * start on, so offsets should ascend; going back starts again. A request past the end, or data that is not what its coding
 * says, is a rejection with a sentence for people.
 */
export function openPart(part: TensorPart, readFile: ReadInto): ReadInto {
  const { offset: start, byteLength, codings = [] } = part;
  if (codings.length === 0) {
    return async (target, offset) => {
      checkRange(part, offset + target.length, byteLength);
      await readFile(target, start + offset);
    };
  }
  let stream = startStream(part, readFile);
  return async (target, offset) => {
    checkRange(part, offset + target.length, decodedBytes(part));
    if (offset < stream.position) {
      await stream.stop();
      stream = startStream(part, readFile);
    }
    await stream.skipTo(offset);
    await stream.fill(target);
  };
}

function checkRange({ file, offset }: TensorPart, end: number, size: number): void {
  if (end > size) {
    throw new Error(`${file}: byte ${end} of ${size} was asked for in the data at ${offset}.`);
  }
}

interface Stream {
  /** Decoded bytes that were taken. */
  readonly position: number;
  readonly skipTo: (offset: number) => Promise<void>;
  readonly fill: (target: Uint8Array) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export type Bytes = AsyncGenerator<Uint8Array, void, undefined>;

function startStream(part: TensorPart, readFile: ReadInto): Stream {
  const { file, offset: start, codings = [] } = part;
  const bytes = codings.reduce((stream, coding) => undo(coding, stream), stored(part, readFile));
  let position = 0;
  let ready: Uint8Array = new Uint8Array();

  async function take(most: number): Promise<Uint8Array> {
    if (ready.length === 0) {
      const next = await bytes.next();
      if (next.done === true) {
        throw new Error(
          `${file}: the data at ${start} ends after ${position} bytes; ${decodedBytes(part)} were expected.`,
        );
      }
      ready = next.value;
    }
    const taken = ready.subarray(0, most);
    ready = ready.subarray(taken.length);
    position += taken.length;
    return taken;
  }

  return {
    get position() {
      return position;
    },
    async skipTo(offset) {
      while (position < offset) {
        await take(offset - position);
      }
    },
    async fill(target) {
      for (let filled = 0; filled < target.length;) {
        const taken = await take(target.length - filled);
        target.set(taken, filled);
        filled += taken.length;
      }
    },
    stop: async () => void (await bytes.return()),
  };
}

const READ_BYTES = 256 * 1024;

async function* stored({ offset, byteLength }: TensorPart, readFile: ReadInto): Bytes {
  for (let at = 0; at < byteLength; at += READ_BYTES) {
    const bytes = new Uint8Array(Math.min(READ_BYTES, byteLength - at)); // A decompressor may keep it.
    await readFile(bytes, offset + at);
    yield bytes;
  }
}

function undo(coding: Coding, bytes: Bytes): Bytes {
  switch (coding.kind) {
    case "bigEndian":
      return swapBytes(bytes, coding.bytes);
    case "skip":
      return skip(bytes, coding.bytes);
    case "records":
      return records(bytes, coding);
    case "varints":
      return varints(bytes, coding);
    case "deflate":
    case "zlib":
    case "gzip":
    case "zstd":
      return decompress(bytes, coding);
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
