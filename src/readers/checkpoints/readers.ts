import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";

import { dcp, distcp } from "./dcp/dcp.ts";
import { dcpShards } from "./dcp/shards.ts";
import { deepspeed } from "./deepspeed/deepspeed.ts";
import { megatron } from "./megatron/megatron.ts";
import { orbax } from "./orbax/orbax.ts";
import { flax } from "./flax/flax.ts";
import { plainPickle } from "./plainPickle/plainPickle.ts";
import { pytorchLegacy } from "./torch/pytorchLegacy.ts";
import { pytorchTar } from "./torch/pytorchTar.ts";
import { pytorchZip } from "./torch/pytorchZip.ts";
import { hdf5 } from "./keras/hdf5.ts";
import { kerasArchive } from "./keras/archive.ts";
import { npy } from "./numpy/npy.ts";
import { npz } from "./numpy/npz.ts";
import type { FileReader, FolderReader } from "./reader.ts";
import { gguf } from "./gguf/gguf.ts";
import { onnx } from "./onnx/onnx.ts";
import { safetensors } from "./safetensors/safetensors.ts";
import { shardedBy } from "./shardIndex.ts";
import { describeStranger } from "./stranger.ts";
import { tensorflow, tensorflowFolder } from "./tensorflow/tensorflow.ts";
import { zarr } from "./zarr/zarr.ts";

/** Those with a signature first; safetensors has none. Of zip archives PyTorch's comes last: it takes the damaged ones. */
const WHOLE_FILE_READERS: readonly FileReader[] = [
  npy,
  npz,
  kerasArchive,
  hdf5,
  gguf,
  tensorflow,
  pytorchLegacy,
  pytorchTar,
  pytorchZip,
  plainPickle,
  onnx,
  flax,
  safetensors,
];

/** An index of shards names whole files, never another index. */
const FILE_READERS: readonly FileReader[] = [...shardedBy(readShard), distcp, ...WHOLE_FILE_READERS];

const FOLDER_READERS: readonly FolderReader[] = [megatron, dcp, dcpShards, deepspeed, orbax, zarr, tensorflowFolder];

/** The reader of a file, by its content. */
export async function fileReaderFor(source: ByteSource): Promise<Outcome<FileReader>> {
  return readerAmong(FILE_READERS, source);
}

async function readShard(source: ByteSource, companions: FolderSource): Promise<Outcome<CheckpointIndex>> {
  const reader = await readerAmong(WHOLE_FILE_READERS, source);
  return reader.kind === "ok" ? reader.value.readIndex(source, companions) : reader;
}

async function readerAmong(readers: readonly FileReader[], source: ByteSource): Promise<Outcome<FileReader>> {
  const head = await source.read(0, Math.min(source.size, HEAD_BYTES));
  for (const reader of readers) {
    if (await reader.recognises({ source, head })) {
      return ok(reader);
    }
  }
  return unsupported(describeStranger(head));
}

const HEAD_BYTES = 4096;

/** The reader of a folder that is one checkpoint; undefined for a folder of checkpoints, or of none. */
export function folderReaderFor(paths: readonly string[]): FolderReader | undefined {
  return FOLDER_READERS.find((reader) => reader.recognises(paths));
}
