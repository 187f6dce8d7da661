import type { Stats } from "node:fs";
import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { t } from "@vscode/l10n";
import { tracked } from "./openCalls.ts";

/** A file that is open for reading. An error of the system names the file. */
export interface ReadHandle {
  readonly stat: () => Promise<Stats>;
  /** Puts up to `length` bytes from `position` of the file at `at` of the target; how many, 0 at its end. */
  readonly read: (target: Uint8Array, at: number, length: number, position: number) => Promise<number>;
  readonly close: () => Promise<void>;
}

/**
 * A pipe that took a file's place would keep a thread waiting for a writer, for ever, and with it the process when it
 * wants to end. Windows has no such flag.
 */
export const READ_WITHOUT_WAITING = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** Opens a regular file; pipes and devices are refused. Whoever opens it closes it. */
export async function openForReading(path: string): Promise<ReadHandle> {
  if (!(await tracked(path, stat(path))).isFile()) {
    throw new Error(t("{0} is not a file.", path));
  }
  const handle = await tracked(path, open(path, READ_WITHOUT_WAITING));
  const named = async <T>(work: Promise<T>): Promise<T> =>
    tracked(path, work).catch((error: unknown) => {
      throw withPath(error, path);
    });
  return {
    stat: async () => named(handle.stat()),
    read: async (target, at, length, position) => (await named(handle.read(target, at, length, position))).bytesRead,
    close: async () => handle.close(),
  };
}

/** Node names the file in errors of opening it, but not of reading it. */
export function withPath(error: unknown, path: string): unknown {
  return error instanceof Error && "syscall" in error && !("path" in error) ? Object.assign(error, { path }) : error;
}
