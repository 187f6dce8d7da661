import type { FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { t } from "@vscode/l10n";

import { roleOf } from "./names.ts";
import type { DcpTensor } from "./metadata.ts";
import { type FoundItems, joinChunks, keyOf } from "./tensors.ts";
import { asCounts, asRecord, parseJson } from "../shared/jsonFields.ts";
import type { FolderReader } from "../reader.ts";
import { readSafetensors } from "../safetensors/safetensors.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/** What torch.distributed.checkpoint writes in Hugging Face's form: each rank's chunks as tensors of a safetensors file. */
export const dcpShards: FolderReader = {
  format: "dcp",
  recognises: (paths) => paths.some((path) => SHARD.test(path)),
  readIndex: readShards,
};

const SHARD = /^(?:sharded\/)?shard-\d+-model-\d+-of-\d+\.safetensors$/;

async function readShards(folder: FolderSource): Promise<Outcome<CheckpointIndex>> {
  const chunks: Chunk[] = [];
  for (const path of (await folder.list()).filter((each) => SHARD.test(each))) {
    const read = await readShard(folder, path);
    if (read.kind !== "ok") {
      return read.kind === "malformed" ? { ...read, what: `${tensorLabel(path)}: ${read.what}` } : read;
    }
    read.value.forEach((chunk) => chunks.push(chunk));
  }
  const joined = joinChunks(tensorsOf(chunks), itemsOf(chunks));
  const tensors = joined.tensors.map((tensor) => ({ ...tensor, ...roleOf(tensor.name, tensor.dtype) }));
  const [first] = joined.notRead;
  return tensors.length === 0 && first !== undefined
    ? unsupported(t("None of these tensors can be read. The first, {0}, is {1}.", first.name, first.what))
    : ok({ format: "dcp", tensors, metadata: {}, notRead: joined.notRead, notes: [] });
}

interface Chunk {
  readonly tensor: TensorEntry;
  readonly start: readonly number[];
}

async function readShard(folder: FolderSource, path: string): Promise<Outcome<readonly Chunk[]>> {
  const source = await folder.open(path);
  const index = source === undefined ? malformed(0, t("it is gone")) : await readSafetensors({ ...source, name: path });
  if (index.kind !== "ok") {
    return index;
  }
  const info = asRecord(parseJson(new TextEncoder().encode(index.value.metadata["DCP_SHARDING_INFO"] ?? "{}")));
  const chunks = index.value.tensors.map((tensor) => {
    const start = asCounts(asRecord(info?.[tensor.name])?.["saved_offsets"]);
    return { tensor, start: start?.length === tensor.shape.length ? start : undefined };
  });
  const lost = chunks.find(({ start }) => start === undefined);
  return lost === undefined
    ? ok(chunks.flatMap(({ tensor, start }) => (start === undefined ? [] : [{ tensor, start }])))
    : malformed(
        0,
        t("{0}: DCP_SHARDING_INFO does not say which part of the tensor this is.", tensorLabel(lost.tensor.name)),
      );
}

/** The whole tensor reaches as far as its last chunk. */
function tensorsOf(chunks: readonly Chunk[]): readonly DcpTensor[] {
  return Array.from(
    Map.groupBy(chunks, ({ tensor }) => tensor.name),
    ([name, own]) => {
      const { dtype, shape: some } = own[0]?.tensor ?? { dtype: undefined, shape: [] };
      const ends = own.map(({ tensor, start }) => start.map((first, axis) => first + (tensor.shape[axis] ?? 0)));
      const shape = some.map((_, axis) => ends.reduce((most, end) => Math.max(most, end[axis] ?? 0), 0));
      const boxes = own.map(({ tensor, start }) => ({ start, shape: tensor.shape }));
      return { name, dtype, dtypeName: dtype ?? "", shape, chunks: boxes };
    },
  );
}

function itemsOf(chunks: readonly Chunk[]): FoundItems {
  return new Map(
    chunks.map(({ tensor, start }) => [
      keyOf({ name: tensor.name, start }),
      ok({ kind: "tensor", tensor: { ...tensor, bytes: 0 } }),
    ]),
  );
}
