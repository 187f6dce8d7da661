import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { t } from "@vscode/l10n";
import { fileIdOf } from "../fileId.ts";
import { READ_WITHOUT_WAITING, withPath } from "../readHandle.ts";

/** Exact reads that keep their thread waiting: for threads that do nothing else, which a turn of the event loop would slow. */
export interface BlockingSource {
  /** Fills all of `target` from `offset`, or throws. */
  readonly readInto: (target: Uint8Array, offset: number) => void;
  readonly close: () => void;
}

/** Opens a file again that `openByteSource` opened before; throws when another file has taken its place. */
export function openBlockingSource(path: string, id: string): BlockingSource {
  const name = basename(path);
  const file = openSync(path, READ_WITHOUT_WAITING);
  const source: BlockingSource = {
    readInto(target, offset) {
      for (let filled = 0; filled < target.length;) {
        const bytesRead = named(path, () => readSync(file, target, filled, target.length - filled, offset + filled));
        if (bytesRead === 0) {
          const end = offset + target.length;
          throw new Error(
            t("{0}: the file ended at byte {1}, bytes up to {2} were expected. It shrank.", name, offset + filled, end),
          );
        }
        filled += bytesRead;
      }
    },
    close: () => closeSync(file),
  };
  try {
    if (named(path, () => fileIdOf(fstatSync(file))) !== id) {
      throw new Error(t("{0} was replaced by another file while it was read. Try again.", name));
    }
    return source;
  } catch (error) {
    source.close();
    throw error;
  }
}

function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw withPath(error, path);
  }
}
