import { openBlockingSource } from "#files/checkpoints/blockingSource.ts";
import type { BlockingSource } from "#files/checkpoints/blockingSource.ts";
import type { SharedFile } from "./threadTask.ts";

/** The files of a task as one thread has them: opened when first read, a few at a time. */
export interface ThreadFiles {
  /** Fills all of `target` from a place in a file, or throws. */
  readonly readInto: (file: number, target: Uint8Array, offset: number) => void;
  readonly close: () => void;
}

// Every thread has its own; some systems let a process open 1024.
const MAX_OPEN_FILES = 50;

export function createThreadFiles(files: readonly SharedFile[]): ThreadFiles {
  const sources = new Map<number, BlockingSource>();
  const sourceOf = (file: number): BlockingSource => {
    const { path = "", id = "" } = files[file] ?? {};
    const known = sources.get(file);
    const [oldest] = sources;
    if (known === undefined && oldest !== undefined && sources.size >= MAX_OPEN_FILES) {
      sources.delete(oldest[0]);
      oldest[1].close();
    }
    const source = known ?? openBlockingSource(path, id);
    sources.set(file, source);
    return source;
  };
  return {
    readInto: (file, target, offset) => sourceOf(file).readInto(target, offset),
    close: () => sources.forEach((source) => source.close()),
  };
}
