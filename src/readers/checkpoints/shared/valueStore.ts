import { setImmediate } from "node:timers/promises";
import type { FolderSource } from "#core/byteSource.ts";
import type { Outcome, ReadFailure } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

/** A value of a store of keys and values: in a file, or already in memory because it lay inside an index. */
export interface StoredValue {
  readonly file: string;
  readonly offset: number;
  readonly byteLength: number;
  /** Its bytes as Latin-1, a letter each: a short text takes a tenth of what a view on bytes does. */
  readonly inline?: string;
}

/** What arrays of Zarr lie in: a folder, where keys are paths, or a database in one. */
export interface ValueStore {
  /** May be cut off where a folder has too many files; then `find` still knows the others. */
  readonly keys: readonly string[];
  readonly find: (key: string) => Promise<StoredValue | undefined>;
  /** Some bytes of a value; they must be inside it. */
  readonly read: (value: StoredValue, offset: number, length: number) => Promise<Uint8Array>;
}

/** The files below a folder of a checkpoint, by their paths from there. */
export function storeInFolder(folder: FolderSource, paths: readonly string[], prefix: string): ValueStore {
  const keys = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return {
    keys,
    async find(key) {
      const file = prefix + key;
      const source = await folder.open(file);
      return source && { file, offset: 0, byteLength: source.size };
    },
    read: async (value, offset, length) => readFrom(folder, value, { offset, length }),
  };
}

/** Bytes of a value, wherever it lies. */
export async function readFrom(
  folder: FolderSource,
  { file, offset: start, inline }: StoredValue,
  { offset, length }: { readonly offset: number; readonly length: number },
): Promise<Uint8Array> {
  if (inline !== undefined) {
    return Buffer.from(inline.slice(offset, offset + length), "latin1");
  }
  const source = await folder.open(file);
  if (source === undefined) {
    throw new Error(t("{0} was there, and is not any more. Try again.", file));
  }
  return source.read(start + offset, length);
}

/** Part of a value. */
export function sliceOf(value: StoredValue, offset: number, byteLength: number): StoredValue {
  const { file, inline } = value;
  const start = value.offset + (inline === undefined ? offset : 0);
  const slice = { file, offset: start, byteLength };
  return inline === undefined ? slice : { ...slice, inline: inline.slice(offset, offset + byteLength) };
}

/**
 * Gives results in the order of the items; a failure ends it. Some at once, because each waits for the disk; now and then
 * others have their turn, because of a database in memory none does.
 */
export async function takeInOrder<A, B>(
  items: readonly A[],
  { map, take }: { readonly map: (item: A) => Promise<Outcome<B>>; readonly take: (result: B) => void },
): Promise<ReadFailure | undefined> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const batch = await Promise.all(items.slice(at, at + AT_ONCE).map(map));
    for (const outcome of batch) {
      if (outcome.kind !== "ok") {
        return outcome;
      }
      take(outcome.value);
    }
    if (at % TURN_AFTER === 0) {
      await setImmediate();
    }
  }
  return undefined;
}

const AT_ONCE = 16;
const TURN_AFTER = 64 * AT_ONCE;
