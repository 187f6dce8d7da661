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

export interface LineOptions {
  /** Whether a tensor, or any of a group, is kept by the filter. */
  readonly keeps: (node: TreeNode) => boolean;
  readonly isOpen: (group: TreeGroup) => boolean;
  /** Siblings in the order they are shown in. */
  readonly order: (siblings: readonly TreeNode[]) => readonly TreeNode[];
}

/** The lines that are shown: open groups with what is in them. */
export function treeLines({ roots }: TensorTree, { keeps, isOpen, order }: LineOptions): readonly TreeLine[] {
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
  return lines;
}

/** Tensors without their groups. */
export function flatLines(
  { leaves }: TensorTree,
  { keeps, order }: Pick<LineOptions, "keeps" | "order">,
): readonly TreeLine[] {
  const kept = order(leaves.filter(keeps));
  return kept.map((node, at) => ({ node, level: 1, position: at + 1, size: kept.length, isOpen: false }));
}
