import type { TensorTree, TreeGroup } from "./tensorTree.ts";

/** Which groups are open. While a filter is set all are, but for those that people close then. */
export interface OpenGroups {
  readonly isOpen: (isFiltered: boolean) => (group: TreeGroup) => boolean;
  readonly set: (group: TreeGroup, isOpen: boolean, isFiltered: boolean) => void;
  /** Opens a new tree as far as it fits, unless people have opened and closed groups themselves. */
  readonly fit: (tree: TensorTree) => void;
  readonly forgetFiltered: () => void;
  /** To be remembered; a stored state stays small. */
  readonly ids: () => readonly string[];
}

/** More lines than that nobody reads from the top. */
const MOST_LINES = 200;
const MOST_STORED = 200;

export function createOpenGroups(stored: readonly string[] | null): OpenGroups {
  let open = new Set(stored ?? []);
  let isChosen = stored !== null;
  let closedWhileFiltered = new Set<string>();
  return {
    isOpen: (isFiltered) => (group) => (isFiltered ? !closedWhileFiltered.has(group.id) : open.has(group.id)),
    set(group, isOpen, isFiltered) {
      const set = isFiltered ? closedWhileFiltered : open;
      if (isFiltered === isOpen) {
        set.delete(group.id);
      } else {
        set.add(group.id);
      }
      isChosen = true;
    },
    fit(tree) {
      if (!isChosen) {
        open = fitting(tree);
      }
    },
    forgetFiltered: () => void (closedWhileFiltered = new Set()),
    ids: () => [...open].slice(-MOST_STORED),
  };
}

/** Level by level, as long as all lines of a level fit. */
function fitting({ roots }: TensorTree): Set<string> {
  const open = new Set<string>();
  let lines = roots.length;
  let level = roots.filter((node) => node.type === "group");
  while (level.length > 0) {
    lines += level.reduce((sum, { children }) => sum + children.length, 0);
    if (lines > MOST_LINES) {
      return open;
    }
    level.forEach(({ id }) => open.add(id));
    level = level.flatMap(({ children }) => children.filter((node) => node.type === "group"));
  }
  return open;
}
