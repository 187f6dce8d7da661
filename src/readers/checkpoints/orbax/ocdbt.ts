import type { FolderSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome, type ReadFailure, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { staysInFolder } from "../shared/insidePath.ts";
import { type Interior, type Leaf, type Location, type Manifest, parseManifest, parseNode } from "./ocdbtNode.ts";
import { MANIFEST_MAGIC, MAX_RECORD_BYTES, NODE_MAGIC, openRecord } from "./ocdbtRecord.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { readFrom, type StoredValue, type ValueStore } from "../shared/valueStore.ts";

/**
 * The latest version of an OCDBT database, TensorStore's B-tree of keys and values in a folder. Nodes are read and checked;
 * values stay where they are. Older versions and locks are not looked at.
 */
export async function openOcdbt(folder: FolderSource, prefix: string): Promise<Outcome<ValueStore>> {
  const manifest = await readManifest(folder, prefix);
  if (manifest.kind !== "ok") {
    return manifest;
  }
  const { root } = manifest.value;
  const tree: Tree = { folder, prefix, values: new Map(), inline: new Map(), visited: new Set(), nodeBytes: 0 };
  if (root !== undefined) {
    const read = await readNode(tree, { ...root, keyPrefix: "" });
    if (read.kind !== "ok") {
      return read;
    }
  }
  const inside = await checkValues(tree);
  if (inside.kind !== "ok") {
    return inside;
  }
  return ok({
    keys: Array.from(tree.values.keys()),
    find: async (key) => tree.values.get(key),
    read: async (value, offset, length) => readFrom(folder, value, { offset, length }),
  });
}

const MANIFEST = "manifest.ocdbt";

async function readManifest(folder: FolderSource, prefix: string): Promise<Outcome<Manifest>> {
  const manifest = await readManifestFile(folder, prefix + MANIFEST);
  if (manifest.kind !== "ok" || !manifest.value.isNumbered || manifest.value.root !== undefined) {
    return manifest;
  }
  // The name is a number of sixteen hexadecimal digits, so the last by name is the latest.
  const numbered = (await folder.list()).filter((path) => {
    return path.startsWith(prefix) && /^manifest\.[\da-f]{16}$/.test(path.slice(prefix.length));
  });
  const latest = numbered.toSorted().at(-1);
  return latest === undefined ? manifest : readManifestFile(folder, latest);
}

async function readManifestFile(folder: FolderSource, file: string): Promise<Outcome<Manifest>> {
  const source = await folder.open(file);
  if (source === undefined) {
    return malformed(0, t("{0} is missing. The save was not finished, or the folder was not copied whole.", file));
  }
  if (source.size > MAX_RECORD_BYTES) {
    return unsupported(t("{0} has {1} bytes; up to {2} are read.", file, source.size, MAX_RECORD_BYTES));
  }
  const bytes = await source.read(0, source.size);
  const need = bytes.length < 12 ? 12 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(4, true));
  if (bytes.length < need && need <= MAX_RECORD_BYTES) {
    return { kind: "incomplete", have: bytes.length, need };
  }
  const body = openRecord(bytes, { magic: MANIFEST_MAGIC, file, offset: 0 });
  if (body.kind !== "ok") {
    return body;
  }
  const manifest = parseManifest(body.value);
  return typeof manifest === "string"
    ? malformed(0, t("{0}: {1}. The database is damaged.", file, manifest))
    : ok(manifest);
}

interface Tree {
  readonly folder: FolderSource;
  /** Folder of the database in the checkpoint's folder, with a `/` at its end. */
  readonly prefix: string;
  readonly values: Map<string, StoredValue>;
  /** Some of the values that lie in nodes, by their bytes. */
  readonly inline: Map<string, StoredValue>;
  /** A tree has one way to each node; another one would be a way to hang. */
  readonly visited: Set<string>;
  nodeBytes: number;
}

interface NodePlace {
  readonly place: Location;
  readonly height: number;
  readonly keyPrefix: string;
}

// Two keys for each array, some hundred bytes each: a million arrays.
const MAX_NODE_BYTES = 400_000_000;
const MAX_KEYS = 4_000_000;

async function readNode(tree: Tree, at: NodePlace): Promise<Outcome<undefined>> {
  const node = await openNode(tree, at);
  if (node.kind !== "ok") {
    return node;
  }
  if (node.value.kind === "leaf") {
    const file = tree.prefix + at.place.file;
    node.value.values.forEach(({ key, value }) => tree.values.set(key, toStored(tree, value, file)));
    return tree.values.size > MAX_KEYS ? damaged(at, file, t("it has more than {0} keys", MAX_KEYS)) : ok(undefined);
  }
  for (const child of node.value.children) {
    const read = await readNode(tree, { place: child.place, height: at.height - 1, keyPrefix: child.prefix });
    if (read.kind !== "ok") {
      return read;
    }
  }
  return ok(undefined);
}

async function openNode(tree: Tree, at: NodePlace): Promise<Outcome<Leaf | Interior>> {
  const { place, height, keyPrefix } = at;
  const file = tree.prefix + place.file;
  const id = `${file}:${place.offset}`;
  if (tree.visited.has(id)) {
    return damaged(at, file, t("two nodes of the tree share a child"));
  }
  tree.visited.add(id);
  const bytes = await readRecord(tree, place, file);
  const body = bytes.kind === "ok" ? openRecord(bytes.value, { magic: NODE_MAGIC, file, offset: place.offset }) : bytes;
  if (body.kind !== "ok") {
    return body;
  }
  tree.nodeBytes += body.value.length;
  if (tree.nodeBytes > MAX_NODE_BYTES) {
    return damaged(at, file, t("its index is larger than {0} bytes", MAX_NODE_BYTES));
  }
  const node = parseNode(body.value, place.base, keyPrefix);
  if (typeof node === "string") {
    return damaged(at, file, node);
  }
  return (node.kind === "leaf" ? 0 : node.height) === height
    ? ok(node)
    : damaged(at, file, t("a node at height {0} of the tree says it is at another", height));
}

function damaged({ place }: NodePlace, file: string, what: string): ReadFailure {
  return malformed(place.offset, t("{0}: {1}. The database is damaged.", tensorLabel(file), what));
}

function toStored(tree: Tree, value: Location | string, nodeFile: string): StoredValue {
  return typeof value === "string"
    ? toInline(tree, value, nodeFile)
    : { file: tree.prefix + value.file, offset: value.offset, byteLength: value.byteLength };
}

/** Arrays of a model have the same metadata as the arrays before: each is kept once. */
function toInline({ inline }: Tree, value: string, file: string): StoredValue {
  const before = inline.get(value);
  if (before?.file === file) {
    return before;
  }
  const own = { file, offset: 0, byteLength: value.length, inline: value };
  if (before !== undefined || inline.size < MAX_KEPT_ONCE) {
    inline.set(value, own);
  }
  return own;
}

const MAX_KEPT_ONCE = 10_000;

async function readRecord(tree: Tree, place: Location, file: string): Promise<Outcome<Uint8Array>> {
  const checked = await checkPlace(tree.folder, { file, offset: place.offset, byteLength: place.byteLength });
  if (checked.kind !== "ok") {
    return checked;
  }
  return place.byteLength > MAX_RECORD_BYTES
    ? unsupported(
        t("{0}: a node has {1} bytes; up to {2} are read.", tensorLabel(file), place.byteLength, MAX_RECORD_BYTES),
      )
    : ok(await readFrom(tree.folder, { file, offset: place.offset, byteLength: place.byteLength }, wholeOf(place)));
}

function wholeOf({ byteLength }: Location): { readonly offset: number; readonly length: number } {
  return { offset: 0, length: byteLength };
}

/** Whether all values that lie in files are there; each file is opened once. */
async function checkValues({ folder, values }: Tree): Promise<Outcome<undefined>> {
  const furthest = new Map<string, StoredValue>();
  for (const value of values.values()) {
    const known = furthest.get(value.file);
    if (value.inline === undefined && (known === undefined || endOf(value) > endOf(known))) {
      furthest.set(value.file, value);
    }
  }
  for (const value of furthest.values()) {
    const checked = await checkPlace(folder, value);
    if (checked.kind !== "ok") {
      return checked;
    }
  }
  return ok(undefined);
}

function endOf({ offset, byteLength }: StoredValue): number {
  return offset + byteLength;
}

/** Whether a file named in the database is in the folder and has the bytes. */
async function checkPlace(
  folder: FolderSource,
  { file, offset, byteLength }: StoredValue,
): Promise<Outcome<undefined>> {
  if (!staysInFolder(file)) {
    return malformed(
      0,
      t('the file "{0}" is not inside the checkpoint\'s folder. It was not opened.', tensorLabel(file)),
    );
  }
  const source = await folder.open(file);
  if (source === undefined) {
    return malformed(
      0,
      t("{0} is missing. The save was not finished, or the folder was not copied whole.", tensorLabel(file)),
    );
  }
  const need = offset + byteLength;
  if (!Number.isSafeInteger(need)) {
    return malformed(
      0,
      t("{0}: a place of more than 2^53 bytes was named. The database is damaged.", tensorLabel(file)),
    );
  }
  return need > source.size ? { kind: "incomplete", have: source.size, need } : ok(undefined);
}
