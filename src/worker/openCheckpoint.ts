import { basename, dirname, join } from "node:path";
import type { ByteSource } from "#core/byteSource.ts";
import { openByteSource } from "#files/byteSource.ts";
import type { FileByteSource } from "#files/byteSource.ts";
import type { CheckpointIndex } from "#readers/checkpoints/checkpointIndex.ts";
import { readSafetensors } from "#readers/checkpoints/safetensors.ts";
import { combineShards, parseShardIndex } from "#readers/checkpoints/shardIndex.ts";
import { valueOf } from "./errors.ts";

/** An indexed checkpoint whose files are open; closing it closes them all. */
export interface OpenCheckpoint extends CheckpointIndex {
  /** All its files together. */
  readonly bytes: number;
  /** The file a tensor's bytes are in. */
  readonly sourceOf: (file: string) => FileByteSource;
  readonly close: () => Promise<void>;
}

/** Opens one file, or an index and the shards it names. Rejects with a sentence for people. */
export async function openCheckpoint(path: string): Promise<OpenCheckpoint> {
  const sources = new Map<string, FileByteSource>();
  const close = async (): Promise<void> => {
    await Promise.all(Array.from(sources.values(), (source) => source.close()));
  };
  const open = async (file: string): Promise<FileByteSource> => {
    const source = await openByteSource(join(dirname(path), file));
    sources.set(file, source);
    return source;
  };
  try {
    const index = path.endsWith(".json") ? await indexShards(path, open) : await indexFile(path, open);
    return {
      ...index,
      bytes: Array.from(sources.values()).reduce((total, { size }) => total + size, 0),
      sourceOf: (file) => knownSource(sources, file),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Open = (file: string) => Promise<FileByteSource>;

async function indexFile(path: string, open: Open): Promise<CheckpointIndex> {
  return valueOf(await readSafetensors(await open(basename(path))));
}

async function indexShards(path: string, open: Open): Promise<CheckpointIndex> {
  const index = await openByteSource(path);
  try {
    const shards = valueOf(parseShardIndex(await index.read(0, index.size)));
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
