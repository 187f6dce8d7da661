import { identityAt } from "../identity.ts";
import type { TextPosition } from "./logText.ts";
import { openForReading } from "../readHandle.ts";
import type { ReadHandle } from "../readHandle.ts";
import { readUpTo } from "../readRange.ts";

/** Bytes of a binary log from where the last read stopped. */
export interface RecordBytes {
  readonly bytes: Uint8Array;
  /** Where they begin in the file. */
  readonly offset: number;
  readonly firstRecord: number;
  /** The file is not the one that was read before, and they begin at its start. */
  readonly restarted: boolean;
  /** The file ends with them. */
  readonly isEnd: boolean;
}

/** A log while it is read once: what was parsed decides where the next read begins. */
export interface RecordFile {
  readonly read: (from: TextPosition | null, maxBytes: number) => Promise<RecordBytes>;
  /** The position after `offset` bytes and so many records. */
  readonly positionAt: (offset: number, records: number) => Promise<TextPosition>;
  readonly close: () => Promise<void>;
}

/** Opens a binary log that only grows. Whoever opens it closes it. */
export async function openRecords(path: string): Promise<RecordFile> {
  const handle = await openForReading(path);
  return {
    read: async (from, maxBytes) => readFrom(handle, from, maxBytes),
    positionAt: async (offset, line) => ({ offset, line, identity: await identityAt(handle, offset) }),
    close: async () => handle.close(),
  };
}

async function readFrom(handle: ReadHandle, from: TextPosition | null, maxBytes: number): Promise<RecordBytes> {
  const { size } = await handle.stat();
  const goesOn = from !== null && from.offset <= size && from.identity === (await identityAt(handle, from.offset));
  const offset = goesOn ? from.offset : 0;
  const bytes = await readUpTo(handle, offset, Math.min(maxBytes, size - offset));
  return {
    bytes,
    offset,
    firstRecord: goesOn ? from.line : 0,
    restarted: from !== null && !goesOn,
    isEnd: offset + bytes.length >= size,
  };
}
