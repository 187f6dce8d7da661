import { t } from "@vscode/l10n";
import { openByteSource } from "./byteSource.ts";
import type { FileByteSource } from "./byteSource.ts";
import { announceRead } from "./largeReads.ts";

/** Files of which only so many are open at a time; one that was closed is opened again when it is read. */
export interface FilePool {
  readonly open: (path: string) => Promise<FileByteSource>;
  /** Closes all of them; reads afterwards reject. */
  readonly close: () => Promise<void>;
}

interface Slot {
  readonly path: string;
  file: Promise<FileByteSource>;
  /** The same once it is open: a read then starts at once, before its caller computes on. */
  ready: FileByteSource | undefined;
  /** Reads in progress; a file that is read is not closed. */
  readers: number;
}

export function createFilePool(limit: number, openFile = openByteSource): FilePool {
  /** Those that are open, the one that was used longest ago first. */
  const open = new Set<Slot>();
  let isClosed = false;

  async function use<T>(slot: Slot, read: (file: FileByteSource) => Promise<T>): Promise<T> {
    if (isClosed) {
      throw new Error(t("{0} was closed.", slot.path));
    }
    if (!open.delete(slot)) {
      slot.file = openFile(slot.path);
      slot.ready = undefined;
    }
    open.add(slot);
    slot.readers += 1;
    try {
      slot.ready ??= await opened(slot);
      return await read(slot.ready);
    } finally {
      slot.readers -= 1;
      await closeOldest();
    }
  }

  async function opened(slot: Slot): Promise<FileByteSource> {
    try {
      return await slot.file;
    } catch (error) {
      open.delete(slot);
      throw error;
    }
  }

  async function closeOldest(): Promise<void> {
    for (const slot of open) {
      if (open.size <= limit) {
        return;
      }
      if (slot.readers === 0) {
        open.delete(slot);
        await (await slot.file).close();
      }
    }
  }

  return {
    async open(path) {
      const file = openFile(path);
      const first = await file;
      const slot: Slot = { path, file, ready: first, readers: 0 };
      open.add(slot);
      await closeOldest();
      return pooled(first, async (read) => use(slot, read));
    },
    async close() {
      isClosed = true;
      await Promise.all(Array.from(open, async ({ file }) => (await file).close()));
      open.clear();
    },
  };
}

type Use = (read: (file: FileByteSource) => Promise<void>) => Promise<void>;

/** The same file at every opening, or a rejection. */
function pooled({ path, id, modifiedMs, changedMs, name, size, close }: FileByteSource, use: Use): FileByteSource {
  const readInto: FileByteSource["readInto"] = async (target, offset) =>
    use(async (file) => {
      if (file.id !== id) {
        throw new Error(t("{0} was replaced by another file while it was read. Try again.", name));
      }
      await file.readInto(target, offset);
    });
  return {
    path,
    id,
    modifiedMs,
    changedMs,
    name,
    size,
    readInto,
    async read(offset, length) {
      // No file has more, so that no more is asked of the memory.
      const bytes = new Uint8Array(Math.min(length, Math.max(0, size - offset)));
      if (bytes.length < length) {
        throw new Error(
          t("{0}: bytes {1} to {2} are outside the file ({3} bytes).", name, offset, offset + length, size),
        );
      }
      await readInto(bytes, offset);
      announceRead(length);
      return bytes;
    },
    close,
  };
}
