import { basename, dirname, join, relative } from "node:path";
import type { ByteSource } from "#core/byteSource.ts";
import { openByteSource } from "#files/byteSource.ts";
import type { FileByteSource } from "#files/byteSource.ts";
import { isFolder } from "#files/isFolder.ts";
import type { CheckpointIndex } from "#readers/checkpoints/checkpointIndex.ts";
import { readSafetensors } from "#readers/checkpoints/safetensors.ts";
import { combineShards, parseShardIndex } from "#readers/checkpoints/shardIndex.ts";
import { valueOf } from "./errors.ts";
import { findRuns } from "./findRuns.ts";

/** An indexed checkpoint whose files are open; closing it closes them all. */
export interface OpenCheckpoint extends CheckpointIndex {
  /** All its files together. */
  readonly bytes: number;
  /** The file a tensor's bytes are in. */
  readonly sourceOf: (file: string) => FileByteSource;
  readonly close: () => Promise<void>;
}

/** Opens one file, an index and the shards it names, or a folder of them. Rejects with a sentence for people. */
export async function openCheckpoint(path: string): Promise<OpenCheckpoint> {
  const isWhole = await isFolder(path);
  const root = isWhole ? path : dirname(path);
  const sources = new Map<string, FileByteSource>();
  const close = async (): Promise<void> => {
    await Promise.all(Array.from(sources.values(), (source) => source.close()));
  };
  const open = async (file: string): Promise<FileByteSource> => {
    const source = await openByteSource(join(root, file));
    sources.set(file, source);
    return source;
  };
  try {
    const parts = isWhole ? await checkpointsIn(path) : [path];
    const indexes: CheckpointIndex[] = [];
    for (const part of parts) {
      indexes.push(part.endsWith(".json") ? await indexShards(part, open) : await indexFile(part, open));
    }
    return {
      ...joinIndexes(indexes),
      bytes: Array.from(sources.values()).reduce((total, { size }) => total + size, 0),
      sourceOf: (file) => knownSource(sources, file),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

// The files of one save lie in one folder; deeper ones are other saves.
const MAX_ENTRIES = 20_000;

async function checkpointsIn(folder: string): Promise<readonly string[]> {
  const { runs } = await findRuns(folder, { maxEntries: MAX_ENTRIES });
  const found = runs.flatMap(({ checkpoints }) => checkpoints.map(({ path }) => path));
  const own = found.filter((path) => relative(folder, dirname(path)) === "");
  if (own.length === 0) {
    const deeper =
      found.length === 0 ? "" : ` There are ${found.length} in its folders, such as ${found[0]}; name one.`;
    throw new Error(`${folder}: no checkpoint lies in this folder.${deeper}`);
  }
  return own;
}

function joinIndexes(indexes: readonly CheckpointIndex[]): CheckpointIndex {
  return {
    format: "safetensors",
    tensors: indexes.flatMap(({ tensors }) => tensors),
    metadata: Object.fromEntries(indexes.flatMap(({ metadata }) => Object.entries(metadata))),
    notes: indexes.flatMap(({ notes }) => notes),
  };
}

type Open = (file: string) => Promise<FileByteSource>;

async function indexFile(path: string, open: Open): Promise<CheckpointIndex> {
  return valueOf(await readSafetensors(await open(basename(path))), path);
}

async function indexShards(path: string, open: Open): Promise<CheckpointIndex> {
  const index = await openByteSource(path);
  try {
    const shards = valueOf(parseShardIndex(await index.read(0, index.size)), path);
    return await combineShards(shards, (file) => openIfThere(file, open));
  } finally {
    await index.close();
  }
}

async function openIfThere(file: string, open: Open): Promise<ByteSource | undefined> {
  try {
    return await open(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

function knownSource(sources: ReadonlyMap<string, FileByteSource>, file: string): FileByteSource {
  const source = sources.get(file);
  if (source === undefined) {
    throw new Error(`${file} is not part of this checkpoint.`);
  }
  return source;
}
