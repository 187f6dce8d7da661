import { basename } from "node:path";
import type { ByteSource } from "#core/byteSource.ts";
import { t } from "@vscode/l10n";
import { fileIdOf } from "../fileId.ts";
import { announceRead } from "./largeReads.ts";
import { openForReading } from "../readHandle.ts";
import type { ReadHandle } from "../readHandle.ts";
import { fill } from "../readRange.ts";

/** A ByteSource on an open file. Whoever opens it closes it. */
export interface FileByteSource extends ByteSource {
  readonly path: string;
  /** Tells this file from one that takes its place. */
  readonly id: string;
  /** When it was written last, in whole milliseconds since 1970. */
  readonly modifiedMs: number;
  /** When its content, its name or its permissions changed last. */
  readonly changedMs: number;
  /** Fills all of `target` from `offset`, or rejects. */
  readonly readInto: (target: Uint8Array, offset: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a regular file for reading; its size is the one at this moment. */
export async function openByteSource(path: string): Promise<FileByteSource> {
  const handle = await openForReading(path);
  try {
    const stats = await handle.stat();
    const { size } = stats;
    const name = basename(path);
    const readInto = async (target: Uint8Array, offset: number): Promise<void> =>
      fillExactly(handle, { target, offset, size, name });
    const id = fileIdOf(stats);
    const modifiedMs = Math.floor(stats.mtimeMs);
    const changedMs = Math.floor(stats.ctimeMs);
    const read = allocating(readInto);
    return { path, id, modifiedMs, changedMs, name, size, readInto, read, close: async () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function allocating(readInto: FileByteSource["readInto"]): ByteSource["read"] {
  return async (offset, length) => {
    const bytes = new Uint8Array(length);
    await readInto(bytes, offset);
    announceRead(length);
    return bytes;
  };
}

interface ExactRange {
  readonly target: Uint8Array;
  readonly offset: number;
  readonly size: number;
  readonly name: string;
}

async function fillExactly(handle: ReadHandle, { target, offset, size, name }: ExactRange): Promise<void> {
  const end = offset + target.length;
  if (!Number.isSafeInteger(offset) || offset < 0 || end > size) {
    throw new Error(t("{0}: bytes {1} to {2} are outside the file ({3} bytes).", name, offset, end, size));
  }
  const filled = await fill(handle, target, offset);
  if (filled < target.length) {
    throw new Error(
      t("{0}: the file ended at byte {1}, bytes up to {2} were expected. It shrank.", name, offset + filled, end),
    );
  }
}
