import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { t } from "@vscode/l10n";

import { tensorKind } from "../shared/tensorKind.ts";
import { type BundleEntry, type BundleHeader, parseEntry, parseHeader } from "./entries.ts";
import { OBJECT_GRAPH, readFullNames } from "./graph.ts";
import { createShards, type Shards } from "./shards.ts";
import { isOptimizers, slotOf, type Variables, variablesOf } from "./slots.ts";
import { readTable } from "./table.ts";
import { ALL_VARIABLES, listedTwice } from "./twice.ts";
import { type BundleContext, locateVariable } from "./variables.ts";

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
  const fullNames = await readGraph(entries, shards);
  const twice = listedTwice(entries, fullNames);
  const listed = [...entries.values()].filter((entry) => !isPiece(entry) && !isGraph(entry) && !twice.has(entry.key));
  const found = await locateAll(listed, { header, entries, shards }, variablesOf(entries.keys(), fullNames));
  if (found.kind !== "ok") {
    return found;
  }
  const repeated =
    twice.size === 0 ? [] : [t("{0} repeats {1} variables, which are listed once.", ALL_VARIABLES, twice.size)];
  const notes = [...shards.notes(), ...repeated];
  return shards.checkSizes() ?? ok({ format: "tensorflow", ...found.value, metadata: {}, notes });
}

async function locateAll(
  listed: readonly BundleEntry[],
  context: BundleContext,
  variables: Variables,
): Promise<Outcome<Pick<CheckpointIndex, "tensors" | "notRead">>> {
  const tensors: TensorEntry[] = [];
  const notRead: NotRead[] = [];
  for (const entry of listed) {
    const located = await locateVariable(entry, context);
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
  return ok({ tensors, notRead });
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

function isGraph({ key, type }: BundleEntry): boolean {
  return key === OBJECT_GRAPH && type === STRING;
}

/** The variables' own names, where keys do not tell all: those of optimizers and of exports are numbers. */
async function readGraph(
  entries: ReadonlyMap<string, BundleEntry>,
  shards: Shards,
): Promise<ReadonlyMap<string, string>> {
  const entry = entries.get(OBJECT_GRAPH);
  const isNeeded = [...entries.keys()].some((key) => isOptimizers(key) || key.startsWith(ALL_VARIABLES));
  const source = isNeeded && entry !== undefined && isGraph(entry) ? await shards.open(entry.shard) : undefined;
  return entry === undefined || source === undefined ? NO_NAMES : ((await readFullNames(source, entry)) ?? NO_NAMES);
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

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
