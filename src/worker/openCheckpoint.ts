import { basename, dirname, relative } from "node:path";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import { createCheckpointFolder } from "#files/checkpointFolder.ts";
import type { CheckpointFolder } from "#files/checkpointFolder.ts";
import type { FileByteSource } from "#files/byteSource.ts";
import { isFolder } from "#files/isFolder.ts";
import { fileReaderFor, folderReaderFor } from "#readers/checkpoints/readers.ts";
import { describeError, valueOf } from "./errors.ts";
import { findRuns } from "./findRuns.ts";

/** An indexed checkpoint whose files are open; closing it closes them all. */
export interface OpenCheckpoint extends CheckpointIndex {
  /** All its files together. */
  readonly bytes: number;
  /** The file that a part of a tensor is in. */
  readonly fileOf: (part: TensorPart) => FileByteSource;
  readonly close: () => Promise<void>;
}

/** Opens one file, an index and the shards it names, or a folder. Rejects with a sentence for people. */
export async function openCheckpoint(path: string): Promise<OpenCheckpoint> {
  const isWhole = await isFolder(path);
  const folder = createCheckpointFolder(isWhole ? path : dirname(path));
  try {
    const index = isWhole ? await indexFolder(path, folder) : await indexFile(basename(path), folder, path);
    const { close, opened, openedBytes } = folder;
    for (const file of filesOf(index)) {
      await folder.open(file);
    }
    return { ...index, bytes: openedBytes(), fileOf: ({ file }) => opened(file), close };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

function filesOf({ tensors }: CheckpointIndex): string[] {
  return [...new Set(tensors.flatMap(({ parts }) => parts.map(({ file }) => file)))];
}

async function indexFile(name: string, folder: CheckpointFolder, path: string): Promise<CheckpointIndex> {
  const source = await folder.openNamed(name);
  const reader = valueOf(await fileReaderFor(source), path);
  return valueOf(await reader.readIndex(source, folder), path);
}

async function indexFolder(path: string, folder: CheckpointFolder): Promise<CheckpointIndex> {
  const reader = folderReaderFor(await folder.list());
  return reader === undefined ? indexFiles(path, folder) : valueOf(await reader.readIndex(folder), path);
}

/** The checkpoint files of a folder as one; a file that cannot be read is a note, unless none can. */
async function indexFiles(path: string, folder: CheckpointFolder): Promise<CheckpointIndex> {
  const indexes: CheckpointIndex[] = [];
  const failures: unknown[] = [];
  for (const file of await checkpointsIn(path)) {
    try {
      indexes.push(await indexFile(basename(file), folder, file));
    } catch (error) {
      failures.push(error);
    }
  }
  if (indexes.length === 0) {
    throw failures[0];
  }
  return joinIndexes(indexes, failures.map(describeError));
}

// The files of one save lie in one folder; deeper ones are other saves.
const MAX_ENTRIES = 20_000;

async function checkpointsIn(folder: string): Promise<readonly string[]> {
  const { runs } = await findRuns(folder, { maxEntries: MAX_ENTRIES });
  const found = runs.flatMap(({ checkpoints }) => checkpoints.map(({ path }) => path));
  const beside = found.filter((path) => relative(folder, dirname(path)) === "");
  const areFolders = await Promise.all(beside.map(async (path) => isFolder(path)));
  const own = beside.filter((_, at) => areFolders[at] === false);
  if (own.length === 0) {
    const deeper =
      found.length === 0 ? "" : ` There are ${found.length} in its folders, such as ${found[0]}; name one.`;
    throw new Error(`${folder}: no checkpoint lies in this folder.${deeper}`);
  }
  return own;
}

function joinIndexes([first, ...others]: readonly CheckpointIndex[], notes: readonly string[]): CheckpointIndex {
  const all = first === undefined ? [] : [first, ...others];
  return {
    format: first?.format ?? "safetensors",
    tensors: all.flatMap(({ tensors }) => tensors),
    metadata: Object.fromEntries(all.flatMap(({ metadata }) => Object.entries(metadata))),
    notRead: all.flatMap(({ notRead = [] }) => notRead),
    notes: [...all.flatMap((index) => index.notes), ...notes],
  };
}
