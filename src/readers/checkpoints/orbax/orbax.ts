import type { FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { listNames } from "#l10n/lists.ts";
import { t } from "@vscode/l10n";

import { openOcdbt } from "./ocdbt.ts";
import { type OrbaxTree, readOrbaxStrings, readOrbaxTree } from "./tree.ts";
import type { FolderReader } from "../reader.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { type TreeLeaf, withKinds } from "../shared/treeKind.ts";
import { storeInFolder, type ValueStore } from "../shared/valueStore.ts";
import { createZarrBudget, noneRead, readZarrArrays, type ZarrBudget } from "../zarr/arrays.ts";

export const orbax: FolderReader = {
  format: "orbax",
  recognises: (paths) => itemsIn(paths).length > 0 || paths.includes(CHECKPOINT_METADATA),
  readIndex: readOrbax,
};

const CHECKPOINT_METADATA = "_CHECKPOINT_METADATA";
const TEMPORARY = ".orbax-checkpoint-tmp";

/** What an item that is a tree of arrays has in its folder. */
const ITEM_FILES = ["_METADATA", "manifest.ocdbt"];
/** Without word of the whole checkpoint, only folders that Orbax itself names so are items of one. */
const ITEM_NAMES = ["default", "params", "state", "pytree", "items"];

/** Folders of the checkpoint's items, with a `/` at the end; of a single tree the folder itself. */
function itemsIn(paths: readonly string[]): readonly string[] {
  const files = new Set(paths);
  if (ITEM_FILES.some((file) => files.has(file))) {
    return [""];
  }
  const names = new Set(paths.filter((path) => ITEM_FILES.includes(path.slice(path.indexOf("/") + 1))).map(firstOf));
  const isWhole = files.has(CHECKPOINT_METADATA);
  return Array.from(names, (name) => `${name}/`).filter((name) => isWhole || ITEM_NAMES.includes(name.slice(0, -1)));
}

function firstOf(path: string): string {
  return path.slice(0, path.indexOf("/"));
}

/** Lists the arrays of all items of a checkpoint: trees of Zarr arrays, in folders or in an OCDBT database. */
async function readOrbax(folder: FolderSource): Promise<Outcome<CheckpointIndex>> {
  const paths = await folder.list();
  const unfinished = [folder.name, ...paths.map((path) => path.split("/")[0] ?? "")].find((name) =>
    name.includes(TEMPORARY),
  );
  if (unfinished !== undefined) {
    const what = t(
      "{0} is a save that is not finished: Orbax renames the folder at its end. Try again then.",
      tensorLabel(unfinished),
    );
    return { kind: "incomplete", have: 0, need: 1, what };
  }
  const items = itemsIn(paths);
  if (items.length === 0) {
    return malformed(0, t("{0}: there is no tree of arrays in this checkpoint of Orbax.", folder.name));
  }
  const budget = createZarrBudget();
  const found: Item[] = [];
  for (const prefix of items) {
    const item = await readItem(folder, { prefix, paths, budget });
    if (item.kind !== "ok") {
      return item;
    }
    found.push(item.value);
  }
  const leaves = found.flatMap((item) => item.leaves);
  const failure = noneRead({ leaves, notRead: found.flatMap(({ notRead }) => notRead) });
  return (
    failure ??
    ok({
      format: "orbax",
      tensors: withKinds(leaves, folder.name),
      metadata: Object.fromEntries(found.flatMap(({ metadata }) => Object.entries(metadata))),
      notRead: [...found.flatMap(({ notRead }) => notRead), ...otherItems(paths, items)],
      notes: found.flatMap(({ notes }) => notes),
    })
  );
}

/** Items of other kinds: metrics, the state of a data set's iterator. */
function otherItems(paths: readonly string[], items: readonly string[]): NotRead[] {
  if (items.includes("")) {
    return [];
  }
  const folders = new Set(paths.filter((path) => path.includes("/")).map((path) => `${firstOf(path)}/`));
  return Array.from(folders)
    .filter((name) => !items.includes(name))
    .slice(0, MAX_OTHERS)
    .map((name) => ({ name: tensorLabel(name.slice(0, -1)), what: t("an item that is no tree of arrays") }));
}

const MAX_OTHERS = 1000;

interface Item {
  readonly leaves: readonly TreeLeaf[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly notRead: readonly NotRead[];
  readonly notes: readonly string[];
}

interface ItemContext {
  readonly prefix: string;
  readonly paths: readonly string[];
  readonly budget: ZarrBudget;
}

async function readItem(folder: FolderSource, { prefix, paths, budget }: ItemContext): Promise<Outcome<Item>> {
  const store = await openStore(folder, prefix, paths);
  if (store.kind !== "ok") {
    return store;
  }
  const tree = await readOrbaxTree(folder, prefix);
  const nameOf = namesIn(tree, prefix === "default/" ? "" : prefix);
  const missing = leavesWithArrays(tree);
  const arrays = await readZarrArrays(store.value, {
    nameOf,
    isScalar: (path) => tree.leaves.get(path)?.type === "scalar",
    onArray: (path) => missing.delete(path),
    leavesOutFill: !tree.storesFill,
    budget,
  });
  if (arrays.kind !== "ok") {
    return arrays;
  }
  const { leaves, notRead, notes } = arrays.value;
  const metadata = await readOrbaxStrings(folder, prefix, nameOf);
  return ok({
    leaves,
    metadata,
    notRead,
    notes: [...(tree.note === undefined ? [] : [tree.note]), ...notes, ...noteOnMissing(Array.from(missing, nameOf))],
  });
}

async function openStore(folder: FolderSource, prefix: string, paths: readonly string[]): Promise<Outcome<ValueStore>> {
  if (paths.includes(`${prefix}manifest.ocdbt`)) {
    return openOcdbt(folder, prefix);
  }
  if (paths.some((path) => path.startsWith(`${prefix}ocdbt.process_`))) {
    const what = t(
      "{0}manifest.ocdbt is missing: the processes' parts of this save were not put together. Wait, or save again.",
      prefix,
    );
    return { kind: "incomplete", have: 0, need: 1, what };
  }
  return ok(storeInFolder(folder, paths, prefix));
}

/**
 * A leaf's path, where the tree tells it; else the array's name, whose dots stand between keys. Joined, which gives a plain
 * string: one that was replaced in is a chain of pieces, of 200 bytes.
 */
function namesIn({ leaves }: OrbaxTree, prefix: string): (path: string) => string {
  return (path) => prefix + (leaves.get(path)?.name ?? path.split(".").join("/"));
}

function leavesWithArrays({ leaves }: OrbaxTree): Set<string> {
  const paths = Array.from(leaves, ([path, { isEmpty, type }]) => (isEmpty || type === "string" ? undefined : path));
  return new Set(paths.filter((path) => path !== undefined));
}

function noteOnMissing(names: readonly string[]): string[] {
  const list = listNames(names.map(tensorLabel), NAMES_IN_NOTE);
  return names.length === 0 ? [] : [t("_METADATA names tensors that are not there: {0}.", list)];
}

/** A note is a sentence, not a listing. */
const NAMES_IN_NOTE = 8;
