import type { ByteSource } from "#core/byteSource.ts";
import { type Outcome, ok, unsupported } from "#core/outcome.ts";

import type { FileReader, FolderReader } from "./reader.ts";
import { gguf } from "./gguf.ts";
import { onnx } from "./onnx.ts";
import { safetensors } from "./safetensors.ts";
import { shardedSafetensors } from "./shardIndex.ts";
import { describeStranger } from "./stranger.ts";
import { tensorflow, tensorflowFolder } from "./tensorflow.ts";

/** Those with a signature first; safetensors has none. */
const FILE_READERS: readonly FileReader[] = [gguf, tensorflow, onnx, shardedSafetensors, safetensors];

const FOLDER_READERS: readonly FolderReader[] = [tensorflowFolder];

/** The reader of a file, by its content. */
export async function fileReaderFor(source: ByteSource): Promise<Outcome<FileReader>> {
  const head = await source.read(0, Math.min(source.size, HEAD_BYTES));
  for (const reader of FILE_READERS) {
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
