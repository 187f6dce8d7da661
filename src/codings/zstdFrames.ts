import { t } from "@vscode/l10n";
import type { Bytes } from "./bytes.ts";

/** A piece of a zstd frame, and whether the frame ends with it. */
export interface FramePiece {
  readonly bytes: Uint8Array;
  readonly endsFrame: boolean;
}

/**
 * Cuts a zstd stream where its frames end (RFC 8878, 3.1.1): Node's decompressor stops after the first. Frames that the
 * format says to skip are left out.
 */
export async function* zstdFrames(bytes: Bytes): AsyncGenerator<FramePiece, void, undefined> {
  const cursor = createCursor(bytes);
  while (await cursor.need(1)) {
    const magic = readNumber(await cursor.take(4));
    if (Math.floor(magic / 16) === SKIPPABLE) {
      await cursor.drop(readNumber(await cursor.take(4)));
    } else {
      yield* frame(cursor, magic);
    }
  }
}

const SKIPPABLE = 0x18_4d_2a_5;
const MAGIC = 0xfd_2f_b5_28;

async function* frame(cursor: Cursor, magic: number): AsyncGenerator<FramePiece, void, undefined> {
  if (magic !== MAGIC) {
    throw new Error(t("there is no frame of zstd where one should start"));
  }
  const descriptor = await cursor.take(1);
  const flags = descriptor[0] ?? 0;
  const header = await cursor.take(headerBytes(flags));
  yield { bytes: concat([MAGIC_BYTES, descriptor, header]), endsFrame: false };
  const checksumBytes = (flags & 4) === 0 ? 0 : 4;
  for (let isLast = false; !isLast;) {
    const blockHeader = await cursor.take(3);
    const word = readNumber(blockHeader);
    isLast = (word & 1) === 1;
    const isRun = ((word >> 1) & 3) === 1; // One byte, repeated.
    yield { bytes: blockHeader, endsFrame: false };
    let left = (isRun ? 1 : word >> 3) + (isLast ? checksumBytes : 0);
    do {
      const piece = await cursor.takeUpTo(left);
      left -= piece.length;
      yield { bytes: piece, endsFrame: isLast && left === 0 };
    } while (left > 0);
  }
}

const MAGIC_BYTES = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);

/** Window, dictionary and content size, by the flags in a frame's descriptor. */
function headerBytes(flags: number): number {
  const isSingle = (flags & 0x20) !== 0;
  const contentSize = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
  return (isSingle ? 0 : 1) + dictionary + contentSize;
}

interface Cursor {
  /** Whether there are so many more bytes. */
  readonly need: (count: number) => Promise<boolean>;
  readonly take: (count: number) => Promise<Uint8Array>;
  /** At least one byte, unless none is asked for. */
  readonly takeUpTo: (count: number) => Promise<Uint8Array>;
  readonly drop: (count: number) => Promise<void>;
}

function createCursor(bytes: Bytes): Cursor {
  let ready: Uint8Array = new Uint8Array();

  async function need(count: number): Promise<boolean> {
    while (ready.length < count) {
      const next = await bytes.next();
      if (next.done === true) {
        return false;
      }
      ready = ready.length === 0 ? next.value : concat([ready, next.value]);
    }
    return true;
  }

  async function takeUpTo(count: number): Promise<Uint8Array> {
    if (count > 0 && !(await need(1))) {
      throw new Error("unexpected end of file");
    }
    const taken = ready.subarray(0, count);
    ready = ready.subarray(taken.length);
    return taken;
  }

  return {
    need,
    takeUpTo,
    async take(count) {
      if (!(await need(count))) {
        throw new Error("unexpected end of file");
      }
      return takeUpTo(count);
    },
    async drop(count) {
      for (let left = count; left > 0;) {
        left -= (await takeUpTo(left)).length;
      }
    },
  };
}

/** Little-endian. */
function readNumber(bytes: Uint8Array): number {
  return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
