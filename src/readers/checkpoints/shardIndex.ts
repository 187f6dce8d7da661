import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";

import type { CheckpointFormat, CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import { listNames } from "#l10n/lists.ts";
import { describeFailure } from "#l10n/failure.ts";
import { t } from "@vscode/l10n";

import { staysInFolder } from "./shared/insidePath.ts";
import { failJson, finishJson, readMembers, readString, skipValue, startJson } from "./shared/jsonCursor.ts";
import type { FileReader } from "./reader.ts";
import { tensorLabel } from "./shared/tensorLabel.ts";

/** Reads a file that an index names. */
export type ReadShard = (source: ByteSource, companions: FolderSource) => Promise<Outcome<CheckpointIndex>>;

/** An index over shards, `model.safetensors.index.json` or `pytorch_model.bin.index.json`. The shards' reader is given. */
export function shardedBy(readShard: ReadShard): readonly FileReader[] {
  return [
    { format: "safetensors", names: /\.safetensors\.index\.json$/ } as const,
    { format: "pytorch", names: /\.(bin|pt|pth)\.index\.json$/ } as const,
  ].map(({ format, names }) => ({
    format,
    recognises: ({ source }) => names.test(source.name),
    readIndex: async (source, companions) => {
      if (source.size > MAX_INDEX_BYTES) {
        return malformed(0, t("The index has {0} bytes; Gradlens reads up to {1}.", source.size, MAX_INDEX_BYTES));
      }
      const index = parseShardIndex(await source.read(0, source.size));
      return index.kind === "ok" ? ok(await combineShards(index.value, { format, companions, readShard })) : index;
    },
  }));
}

// As the header of a safetensors file, which lists as many tensors.
const MAX_INDEX_BYTES = 100_000_000;
// A terabyte in the usual 5 GB files has 200.
const MAX_SHARDS = 10_000;

/** `model.safetensors.index.json`: which file beside it holds which tensor. */
export interface ShardIndex {
  /** Tensor name → file name relative to the index, never outside its folder. */
  readonly fileOf: ReadonlyMap<string, string>;
  /** In the order of their numbers, which is the model's: the names in an index are often sorted. */
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
        failJson(cursor, t("{0}: listed twice in weight_map.", tensorLabel(name)), offset);
      } else if (cursor.failure === undefined && !staysInFolder(file)) {
        failJson(
          cursor,
          t(
            '{0}: the file "{1}" is not inside the checkpoint\'s folder. It was not opened.',
            tensorLabel(name),
            tensorLabel(file),
          ),
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
  const files = [...new Set(fileOf.values())].toSorted();
  if (files.length > MAX_SHARDS) {
    return malformed(0, t("The index names {0} files; Gradlens reads up to {1}.", files.length, MAX_SHARDS));
  }
  return hasMap ? ok({ fileOf, files }) : malformed(0, t("There is no weight_map; this is not a shard index."));
}

export interface ShardTools {
  readonly format: CheckpointFormat;
  readonly companions: FolderSource;
  readonly readShard: ReadShard;
}

/** One index over all shards. What is missing, unreadable or left over becomes a note. */
export async function combineShards(
  index: ShardIndex,
  { format, companions, readShard }: ShardTools,
): Promise<CheckpointIndex> {
  const tensors: TensorEntry[] = [];
  const notRead: NotRead[] = [];
  const notes: string[] = [];
  const metadata = new Map<string, string>();
  const expected = Map.groupBy(index.fileOf.keys(), (name) => index.fileOf.get(name) ?? "");
  for (const file of index.files) {
    const source = await companions.open(file);
    const shard = source === undefined ? undefined : await readShard(source, companions);
    if (shard?.kind === "ok") {
      const checked = checkShard(index, { file, expected: expected.get(file) ?? [], tensors: shard.value.tensors });
      checked.tensors.forEach((tensor) => tensors.push(tensor));
      notes.push(...shard.value.notes, ...checked.notes);
      (shard.value.notRead ?? []).forEach(({ name, what }) => notRead.push({ name: `${file}: ${name}`, what }));
      Object.entries(shard.value.metadata).forEach(([key, value]) => metadata.set(key, value));
    } else {
      notes.push(
        `${file}: ${shard === undefined ? t("the index names this file, but it is missing.") : describeFailure(shard)}`,
      );
    }
  }
  return { format, tensors, metadata: Object.fromEntries(metadata), notRead, notes };
}

interface Shard {
  readonly file: string;
  /** What the index places in it. */
  readonly expected: readonly string[];
  readonly tensors: readonly TensorEntry[];
}

/** A tensor that the index places in another file is a stale copy: counting it would make the norm too large. */
function checkShard(
  index: ShardIndex,
  { file, expected, tensors }: Shard,
): { tensors: TensorEntry[]; notes: string[] } {
  const present = new Set(tensors.map(({ name }) => name));
  const missing = expected.filter((name) => !present.has(name));
  const isStale = ({ name }: TensorEntry): boolean => (index.fileOf.get(name) ?? file) !== file;
  const stale = tensors.filter(isStale);
  const extra = tensors.filter(({ name }) => !index.fileOf.has(name));
  const notes = [
    ...noteOf(missing, (list) => t("{0} lacks tensors the index places in it: {1}.", file, list)),
    ...noteOf(
      stale.map(({ name }) => name),
      (list) => t("{0} has tensors the index places elsewhere; left out: {1}.", file, list),
    ),
    ...noteOf(
      extra.map(({ name }) => name),
      (list) => t("{0} has tensors the index does not name; listed all the same: {1}.", file, list),
    ),
  ];
  const kept = tensors.filter((tensor) => !isStale(tensor));
  return { tensors: kept.map((tensor) => inFile(tensor, file)), notes };
}

/** A shard's source knows only its own name, not the folders before it. */
function inFile(tensor: TensorEntry, file: string): TensorEntry {
  return { ...tensor, file, parts: tensor.parts.map((part) => ({ ...part, file })) };
}

function noteOf(names: readonly string[], describe: (list: string) => string): string[] {
  return names.length === 0 ? [] : [describe(listNames(names.map(tensorLabel), NAMES_IN_NOTE))];
}

/** A note is a sentence, not a listing. */
const NAMES_IN_NOTE = 8;
