import type { FolderSource } from "#core/byteSource.ts";
import { t } from "@vscode/l10n";

import { asRecord, asText, parseJson } from "../shared/jsonFields.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/** What `_METADATA` says of an item: its leaves by the names that their arrays have on disk. */
export interface OrbaxTree {
  readonly leaves: ReadonlyMap<string, OrbaxLeaf>;
  /** Chunks that hold only the fill value are stored as well, so that a missing one is lost. */
  readonly storesFill: boolean;
  readonly note?: string;
}

export interface OrbaxLeaf {
  /** Path with `/`. */
  readonly name: string;
  /** `jax.Array`, `np.ndarray`, `scalar`, `string`, `None`. */
  readonly type: string;
  /** It has no array: an empty container. */
  readonly isEmpty: boolean;
}

// A leaf takes some 300 bytes: 300,000 of them.
const MAX_METADATA_BYTES = 100_000_000;

/** Reads `_METADATA`; old checkpoints have none, and their arrays' names are the only ones. */
export async function readOrbaxTree(folder: FolderSource, prefix: string): Promise<OrbaxTree> {
  const nothing = { leaves: new Map<string, OrbaxLeaf>(), storesFill: false };
  const source = await folder.open(`${prefix}_METADATA`);
  if (source === undefined) {
    return nothing;
  }
  const json = source.size > MAX_METADATA_BYTES ? undefined : parseJson(await source.read(0, source.size));
  const fields = asRecord(json);
  const tree = asRecord(fields?.["tree_metadata"]);
  if (fields === undefined || tree === undefined) {
    return { ...nothing, note: t("{0}_METADATA lists no tree; tensors are named after their arrays.", prefix) };
  }
  const leaves = new Map<string, OrbaxLeaf>();
  for (const entry of Object.values(tree)) {
    const keys = keysOf(entry);
    const value = asRecord(asRecord(entry)?.["value_metadata"]) ?? {};
    const isEmpty = value["skip_deserialize"] === true;
    leaves.set(keys.join("."), { name: keys.join("/"), type: asText(value["value_type"]) ?? "", isEmpty });
  }
  return { leaves, storesFill: fields["store_array_data_equal_to_fill_value"] === true };
}

function keysOf(entry: unknown): readonly string[] {
  const keys = asRecord(entry)?.["key_metadata"];
  return Array.isArray(keys) ? keys.map((each: unknown) => String(asRecord(each)?.["key"])) : [];
}

// Beside a tree of arrays there are few texts.
const MAX_STRINGS = 10_000;
const MAX_STRINGS_BYTES = 10_000_000;

/** Leaves that are texts, by their paths. */
export async function readOrbaxStrings(
  folder: FolderSource,
  prefix: string,
  nameOf: (path: string) => string,
): Promise<Readonly<Record<string, string>>> {
  const source = await folder.open(`${prefix}_strings.json`);
  if (source === undefined || source.size > MAX_STRINGS_BYTES) {
    return {};
  }
  const strings = Object.entries(asRecord(parseJson(await source.read(0, source.size))) ?? {});
  return Object.fromEntries(
    strings.slice(0, MAX_STRINGS).map(([path, text]) => [nameOf(path), tensorLabel(String(text))]),
  );
}
