import type { TensorTree, TreeGroup, TreeNode } from "./tensorTree.ts";

/** One line of the table, with what a screen reader says of its place. */
export interface TreeLine {
  readonly node: TreeNode;
  /** 1 for the outermost. */
  readonly level: number;
  /** From 1 on, of so many beside it. */
  readonly position: number;
  readonly size: number;
  readonly isOpen: boolean;
}

/** The lines of a table, of which only those in sight are made. */
export interface Lines {
  readonly count: number;
  readonly at: (place: number) => TreeLine | undefined;
  /** −1 for a node that has no line. */
  readonly placeOf: (node: TreeNode) => number;
}

export interface LineOptions {
  /** Whether a tensor, or any of a group, is kept by the filter. */
  readonly keeps: (node: TreeNode) => boolean;
  readonly isOpen: (group: TreeGroup) => boolean;
  /** Siblings in the order they are shown in. */
  readonly order: (siblings: readonly TreeNode[]) => readonly TreeNode[];
}

/** The lines that are shown: open groups with what is in them. */
export function treeLines({ roots }: TensorTree, { keeps, isOpen, order }: LineOptions): Lines {
  const lines: TreeLine[] = [];
  function add(siblings: readonly TreeNode[], level: number): void {
    const kept = order(siblings.filter(keeps));
    for (const [at, node] of kept.entries()) {
      const isOpened = node.type === "group" && isOpen(node);
      lines.push({ node, level, position: at + 1, size: kept.length, isOpen: isOpened });
      if (isOpened) {
        add(node.children, level + 1);
      }
    }
  }
  add(roots, 1);
  return {
    count: lines.length,
    at: (place) => lines[place],
    placeOf: (node) => lines.findIndex((line) => line.node === node),
  };
}

/** Tensors without their groups, in the order given. */
export function flatLines(leaves: readonly TreeNode[]): Lines {
  return {
    count: leaves.length,
    at(place) {
      const node = leaves[place];
      return node === undefined
        ? undefined
        : { node, level: 1, position: place + 1, size: leaves.length, isOpen: false };
    },
    placeOf: (node) => leaves.indexOf(node),
  };
}
