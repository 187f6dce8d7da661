import type { ByteSource } from "#core/byteSource.ts";
import { describeFailure, malformed, ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";

import type { CheckpointIndex } from "#core/checkpoint.ts";

import { staysInFolder } from "./insidePath.ts";
import { failJson, finishJson, readMembers, readString, skipValue, startJson } from "./jsonCursor.ts";
import type { FileReader } from "./reader.ts";
import { readSafetensors } from "./safetensors.ts";
import { tensorLabel } from "./tensorLabel.ts";

export const shardedSafetensors: FileReader = {
  format: "safetensors",
  recognises: ({ source }) => source.name.endsWith(".safetensors.index.json"),
  async readIndex(source, companions) {
    const index = parseShardIndex(await source.read(0, source.size));
    return index.kind === "ok" ? ok(await combineShards(index.value, companions.open)) : index;
  },
};

/** `model.safetensors.index.json`: which file beside it holds which tensor. */
export interface ShardIndex {
  /** Tensor name → file name relative to the index, never outside its folder. */
  readonly fileOf: ReadonlyMap<string, string>;
  /** In the order of the index. */
  readonly files: readonly string[];
}

/** Takes the whole text of an index. */
export function parseShardIndex(text: Uint8Array): Outcome<ShardIndex> {
  const cursor = startJson(text);
  const fileOf = new Map<string, string>();
  let hasMap = false;
  readMembers(cursor, (key) => {
    if (key !== "weight_map") {
      skipValue(cursor);
      return;
    }
    hasMap = true;
    readMembers(cursor, (name, offset) => {
      const file = readString(cursor);
      if (fileOf.has(name)) {
        failJson(cursor, `${tensorLabel(name)}: listed twice in weight_map.`, offset);
      } else if (cursor.failure === undefined && !staysInFolder(file)) {
        failJson(
          cursor,
          `${tensorLabel(name)}: the file "${tensorLabel(file)}" is not inside the checkpoint's folder. It was not opened.`,
          offset,
        );
      }
      fileOf.set(name, file);
    });
  });
  finishJson(cursor);
  if (cursor.failure !== undefined) {
    return malformed(cursor.failure.offset, cursor.failure.what);
  }
  return hasMap
    ? ok({ fileOf, files: [...new Set(fileOf.values())] })
    : malformed(0, "There is no weight_map; this is not a shard index.");
}

/** One index over all shards. What is missing, unreadable or left over becomes a note. */
export async function combineShards(
  index: ShardIndex,
  open: (fileName: string) => Promise<ByteSource | undefined>,
): Promise<CheckpointIndex> {
  const tensors: TensorEntry[] = [];
  const notes: string[] = [];
  const metadata = new Map<string, string>();
  for (const file of index.files) {
    const source = await open(file);
    const shard = source === undefined ? undefined : await readSafetensors(source);
    if (shard?.kind === "ok") {
      const checked = checkShard(index, { file, tensors: shard.value.tensors });
      tensors.push(...checked.tensors);
      notes.push(...shard.value.notes, ...checked.notes);
      Object.entries(shard.value.metadata).forEach(([key, value]) => metadata.set(key, value));
    } else {
      notes.push(
        `${file}: ${shard === undefined ? "the index names this file, but it is missing." : describeFailure(shard)}`,
      );
    }
  }
  return { format: "safetensors", tensors, metadata: Object.fromEntries(metadata), notes };
}

interface Shard {
  readonly file: string;
  readonly tensors: readonly TensorEntry[];
}

/** A tensor that the index places in another file is a stale copy: counting it would make the norm too large. */
function checkShard(index: ShardIndex, { file, tensors }: Shard): { tensors: TensorEntry[]; notes: string[] } {
  const present = new Set(tensors.map(({ name }) => name));
  const expected = [...index.fileOf].filter(([, home]) => home === file).map(([name]) => name);
  const missing = expected.filter((name) => !present.has(name));
  const stale = tensors.filter(({ name }) => (index.fileOf.get(name) ?? file) !== file);
  const extra = tensors.filter(({ name }) => !index.fileOf.has(name));
  const notes = [
    ...noteOf(missing, `${file} lacks tensors the index places in it`),
    ...noteOf(
      stale.map(({ name }) => name),
      `${file} has tensors the index places elsewhere; left out`,
    ),
    ...noteOf(
      extra.map(({ name }) => name),
      `${file} has tensors the index does not name; listed all the same`,
    ),
  ];
  const kept = tensors.filter((tensor) => !stale.includes(tensor));
  return { tensors: kept.map((tensor) => ({ ...tensor, file })), notes };
}

function noteOf(names: readonly string[], what: string): string[] {
  const more = names.length > NAMES_IN_NOTE ? ` and ${names.length - NAMES_IN_NOTE} more` : "";
  return names.length === 0 ? [] : [`${what}: ${names.slice(0, NAMES_IN_NOTE).map(tensorLabel).join(", ")}${more}.`];
}

/** A note is a sentence, not a listing. */
const NAMES_IN_NOTE = 8;
