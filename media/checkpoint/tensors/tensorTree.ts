import { inModelOrder } from "#core/names/order.ts";
import type { CheckpointRow } from "../rows.ts";
import { kindPlural } from "../text.ts";

/** A module, or all tensors of one kind. */
export interface TreeGroup {
  readonly type: "group";
  /** Its place in `TensorTree.groups`. */
  readonly at: number;
  /** Kind and whole path: the same after a reload. */
  readonly id: string;
  readonly label: string;
  readonly parent: TreeGroup | null;
  readonly children: readonly TreeNode[];
}

export interface TreeLeaf {
  readonly type: "leaf";
  /** Its place among the rows. */
  readonly row: number;
  readonly label: string;
  readonly parent: TreeGroup | null;
}

export type TreeNode = TreeGroup | TreeLeaf;

/** Tensors by kind, where there are several, and by the modules that their names tell, in the order of the model. */
export interface TensorTree {
  readonly roots: readonly TreeNode[];
  readonly groups: readonly TreeGroup[];
  /** By row. */
  readonly leaves: readonly TreeLeaf[];
}

export function createTensorTree(rows: readonly CheckpointRow[]): TensorTree {
  const top = createFolder("");
  const hasKinds = new Set(rows.map(({ kind }) => kind)).size > 1;
  for (const [row, { entry, kind }] of rows.entries()) {
    const path = partsOf(nameOf(entry));
    const home = hasKinds ? folderOf(top, kind, kindPlural(kind)) : top;
    place(home, { row, path });
  }
  const groups: TreeGroup[] = [];
  const leaves: TreeLeaf[] = [];
  const roots = childrenOf(top, null, { groups, leaves, rows });
  return { roots, groups, leaves };
}

function nameOf({ parameter, name }: CheckpointRow["entry"]): string {
  return parameter ?? name;
}

/** No model's modules are as deep; the tree is walked by functions that call themselves. */
const MOST_PARTS_OF_NAME = 100;

function partsOf(name: string): readonly string[] {
  const parts = name.split(/[./]/);
  const own = parts.slice(0, MOST_PARTS_OF_NAME - 1);
  const others = parts.slice(MOST_PARTS_OF_NAME - 1);
  return others.length === 0 ? own : [...own, others.join(".")];
}

/** A group while it is filled. */
interface Folder {
  readonly label: string;
  readonly folders: Map<string, Folder>;
  /** In the order of the file. */
  readonly children: (Folder | { readonly row: number; readonly label: string })[];
}

function createFolder(label: string): Folder {
  return { label, folders: new Map(), children: [] };
}

function place(home: Folder, { row, path }: { readonly row: number; readonly path: readonly string[] }): void {
  const last = path.length - 1;
  let folder = home;
  for (const segment of path.slice(0, last)) {
    folder = folderOf(folder, segment, segment);
  }
  folder.children.push({ row, label: path[last] ?? "" });
}

function folderOf(parent: Folder, key: string, label: string): Folder {
  const known = parent.folders.get(key);
  if (known !== undefined) {
    return known;
  }
  const created = createFolder(label);
  parent.folders.set(key, created);
  parent.children.push(created);
  return created;
}

interface Lists {
  readonly rows: readonly CheckpointRow[];
  readonly groups: TreeGroup[];
  readonly leaves: TreeLeaf[];
}

function childrenOf(folder: Folder, parent: TreeGroup | null, lists: Lists): readonly TreeNode[] {
  const children = inOrder(folder.children, { parent, rows: lists.rows });
  return inOrderOfNumbers(children.map((child) => withoutSingles(child))).map((child): TreeNode => {
    if ("row" in child) {
      const leaf: TreeLeaf = { type: "leaf", row: child.row, label: child.label, parent };
      lists.leaves[child.row] = leaf;
      return leaf;
    }
    const parts: TreeNode[] = [];
    const id = `${parent?.id ?? ""}/${child.label}`;
    const group: TreeGroup = {
      type: "group",
      at: lists.groups.length,
      id,
      label: child.label,
      parent,
      children: parts,
    };
    lists.groups.push(group);
    childrenOf(child, group, lists).forEach((part) => parts.push(part));
    return group;
  });
}

/** What a name says of its place is slow to find: deeper than this, and among more, parts stay as the file has them. */
const [MOST_LEVELS, MOST_PARTS] = [4, 1000];

/** Stem, blocks, final norm, head: each part of a model stands where its first tensor does. */
function inOrder(
  children: Folder["children"],
  { parent, rows }: { readonly parent: TreeGroup | null; readonly rows: readonly CheckpointRow[] },
): Folder["children"] {
  if (levelOf(parent) > MOST_LEVELS || children.length > MOST_PARTS) {
    return children;
  }
  return [
    ...inModelOrder(children, (child) => {
      const row = rows[firstRow(child)];
      return row === undefined ? "" : nameOf(row.entry);
    }),
  ];
}

function levelOf(group: TreeGroup | null): number {
  return group === null ? 0 : 1 + levelOf(group.parent);
}

function firstRow(child: Folder["children"][number]): number {
  if ("row" in child) {
    return child.row;
  }
  const [first] = child.children;
  return first === undefined ? -1 : firstRow(first);
}

/** A module with one part is one line with it: `wte.weight`. */
function withoutSingles(child: Folder["children"][number]): Folder["children"][number] {
  let single = child;
  while (!("row" in single) && single.children.length === 1 && single.children[0] !== undefined) {
    const [only] = single.children;
    single = { ...only, label: `${single.label}.${only.label}` };
  }
  return single;
}

/** Blocks 0, 1, …, 10 in this order, which is not that of a sorted file; what has no number stays where it is. */
function inOrderOfNumbers<T extends { readonly label: string }>(children: readonly T[]): readonly T[] {
  const numbered = children
    .filter(({ label }) => /^\d/.test(label))
    .map((child) => ({ child, number: parseInt(child.label, 10) }));
  const sorted = numbered.toSorted((a, b) => a.number - b.number);
  let next = 0;
  return children.map((child) => {
    if (!/^\d/.test(child.label)) {
      return child;
    }
    next += 1;
    return sorted[next - 1]?.child ?? child;
  });
}
