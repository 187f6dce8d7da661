import { formatBytes } from "#core/format.ts";
import { messageOf } from "#core/messageOf.ts";
import { t } from "@vscode/l10n";
import type { ReadHandle } from "../readHandle.ts";
import { readUpTo } from "../readRange.ts";
import type { TextSource } from "./textSource.ts";

export type Compression = "gzip" | "zstd";
export type Bytes = AsyncGenerator<Uint8Array, void, undefined>;
/** Undoes a compression. It ends with an error where the bytes are damaged, or end within it. */
export type Decompress = (compression: Compression, bytes: Bytes) => Bytes;

/** Bytes of the file's start that `compressionOf` looks at. */
export const MAGIC_BYTES = 4;

/** By content: rotated logs are called `train.log.2` and compressed all the same. */
export function compressionOf([first, second, third, fourth]: Uint8Array): Compression | null {
  if (first === 0x1f && second === 0x8b && third === 8) {
    return "gzip";
  }
  return first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd ? "zstd" : null;
}

/** Text that was decompressed to its end is known again by this, so that it is not decompressed for nothing. */
const AT_END = ":end";

/** Text that grows only by being written anew: it is the same while the file's size and time are. */
export async function openCompressed(handle: ReadHandle, decompress: (bytes: Bytes) => Bytes): Promise<TextSource> {
  const { ino, size, mtimeMs } = await handle.stat();
  const window = createWindow(decompress(bytesOf(handle)));
  const identity = `${ino}:${size}:${mtimeMs}`;
  return {
    ...window,
    wholeIdentity: identity,
    identityAt: async (offset) => (offset >= window.size() ? identity + AT_END : identity),
    compare: async ({ identity: earlier }) =>
      earlier === identity + AT_END ? "allRead" : earlier === identity ? "same" : "other",
    async close() {
      await window.close();
      await handle.close();
    },
  };
}

const PIECE_BYTES = 256 * 1024;

async function* bytesOf(handle: ReadHandle): Bytes {
  for (let offset = 0; ;) {
    const piece = await readUpTo(handle, offset, PIECE_BYTES);
    if (piece.length === 0) {
      return;
    }
    offset += piece.length;
    yield piece;
  }
}

// A few kilobytes can be made to decompress to more than any disk holds.
const MAX_TEXT_BYTES = 2 ** 31;

/** Keeps what was decompressed from the last offset that was asked for. */
function createWindow(pieces: Bytes): Omit<TextSource, "identityAt" | "compare" | "wholeIdentity"> {
  let kept: Buffer[] = [];
  let start = 0;
  let end = 0;
  let isEnd = false;
  let damage: string | null = null;

  function stop(reason: string | null): void {
    isEnd = true;
    damage = reason;
  }

  /** False once there is none. */
  async function takePiece(): Promise<boolean> {
    try {
      const next = await pieces.next();
      if (next.done === true) {
        stop(null);
      } else if (end + next.value.length > MAX_TEXT_BYTES) {
        stop(t("The text is longer than {0}; the rest is not read.", formatBytes(MAX_TEXT_BYTES)));
      } else {
        const { buffer, byteOffset, byteLength } = next.value;
        kept.push(Buffer.from(buffer, byteOffset, byteLength));
        end += next.value.length;
      }
    } catch (error) {
      if (isOfTheSystem(error)) {
        throw error; // It says nothing of what is in the file.
      }
      stop(isTruncation(error) ? null : t("The compressed bytes are damaged: {0}", messageOf(error)));
    }
    return !isEnd;
  }

  /** Gives up what lies before `offset`. */
  function moveTo(offset: number): void {
    while (kept[0] !== undefined && start + kept[0].length <= offset) {
      start += kept[0].length;
      kept.shift();
    }
  }

  return {
    size: () => (isEnd ? end : Infinity),
    damage: () => damage,
    async read(offset, length) {
      moveTo(offset);
      for (let more = !isEnd; more && end < offset + length;) {
        more = await takePiece();
        moveTo(offset);
      }
      kept = kept.length > 1 ? [Buffer.concat(kept)] : kept;
      return kept[0]?.subarray(offset - start, offset - start + length) ?? Buffer.alloc(0);
    },
    async close() {
      await pieces.return();
    },
  };
}

function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

/** A file that is still being written, or was left when its writer was killed. */
function isTruncation(error: unknown): boolean {
  return messageOf(error).includes("unexpected end of file");
}
