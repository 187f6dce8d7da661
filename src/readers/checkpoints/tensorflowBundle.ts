import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";

import { tensorKind } from "./tensorKind.ts";
import { type BundleEntry, type BundleHeader, parseEntry, parseHeader } from "./tensorflowEntries.ts";
import { OBJECT_GRAPH, readFullNames } from "./tensorflowGraph.ts";
import { createShards, type Shards } from "./tensorflowShards.ts";
import { slotOf, type Variables, variablesOf } from "./tensorflowSlots.ts";
import { readTable } from "./tensorflowTable.ts";
import { locateVariable } from "./tensorflowVariables.ts";

/** Where a checkpoint's files are: `prefix.index` and `prefix.data-00000-of-00001` in a folder. */
export interface BundlePlace {
  readonly prefix: string;
  readonly index: ByteSource;
  readonly folder: FolderSource;
}

/** Lists the variables of a TensorFlow checkpoint: the index is read, and of the data only the names of its objects. */
export async function readBundle({ prefix, index, folder }: BundlePlace): Promise<Outcome<CheckpointIndex>> {
  const bundle = await readEntries(index);
  if (bundle.kind !== "ok") {
    return bundle;
  }
  const { header, entries } = bundle.value;
  const shards = createShards({ prefix, folder, count: header.shards });
  const fullNames = await readGraph(entries.get(OBJECT_GRAPH), shards);
  const variables = variablesOf(entries.keys(), fullNames ?? new Map());
  const tensors: TensorEntry[] = [];
  const notRead: NotRead[] = [];
  for (const entry of entries.values()) {
    if (isPiece(entry) || (entry.key === OBJECT_GRAPH && fullNames !== undefined)) {
      continue;
    }
    const located = await locateVariable(entry, { header, entries, shards });
    if (located.kind !== "ok") {
      return located;
    }
    const name = nameOf(entry.key);
    if ("parts" in located.value) {
      tensors.push({ name, ...located.value, ...roleOf(entry.key, located.value, variables) });
    } else {
      notRead.push({ name, what: located.value.what });
    }
  }
  const failure = shards.checkSizes();
  const metadata = Object.fromEntries([...(fullNames ?? [])].map(([key, name]) => [nameOf(key), name]));
  return failure ?? ok({ format: "tensorflow", tensors, metadata, notRead, notes: shards.notes() });
}

interface Bundle {
  readonly header: BundleHeader;
  /** By key. */
  readonly entries: ReadonlyMap<string, BundleEntry>;
}

async function readEntries(index: ByteSource): Promise<Outcome<Bundle>> {
  const table = await readTable(index);
  if (table.kind !== "ok") {
    return table;
  }
  const [first, ...others] = table.value;
  const header = parseHeader(first);
  if (header.kind !== "ok") {
    return header;
  }
  const entries = new Map<string, BundleEntry>();
  for (const row of others) {
    const entry = parseEntry(row);
    if (entry.kind !== "ok") {
      return entry;
    }
    entries.set(row.key, entry.value);
  }
  return ok({ header: header.value, entries });
}

/** A piece of a partitioned variable: that variable names it. */
function isPiece({ key }: BundleEntry): boolean {
  return key.startsWith("\0");
}

const STRING = 7;

async function readGraph(
  entry: BundleEntry | undefined,
  shards: Shards,
): Promise<ReadonlyMap<string, string> | undefined> {
  const source = entry?.type === STRING ? await shards.open(entry.shard) : undefined;
  return entry === undefined || source === undefined ? undefined : readFullNames(source, entry);
}

function roleOf(
  key: string,
  { dtype, file }: Pick<TensorEntry, "dtype" | "file">,
  variables: Variables,
): Pick<TensorEntry, "kind" | "parameter"> {
  const slot = slotOf(key, variables);
  const kind = tensorKind({ name: nameOf(key), dtype, file, declared: slot?.kind });
  return slot?.parameter === undefined ? { kind } : { kind, parameter: nameOf(slot.parameter) };
}

/** Keys are bytes; most are ASCII. */
function nameOf(key: string): string {
  return /^[ -~]*$/.test(key)
    ? key
    : new TextDecoder().decode(Uint8Array.from(key, (character) => character.charCodeAt(0)));
}
