import type { Lines, TreeLine } from "./treeLines.ts";

export interface GridKeyActions {
  readonly lines: () => Lines;
  readonly active: () => number;
  /** Lines of a page. */
  readonly page: () => number;
  /** To a line; the nearest there is. */
  readonly move: (to: number) => void;
  readonly toggle: (line: TreeLine) => void;
  readonly choose: (line: TreeLine) => void;
}

/** The keys of a tree grid, as the ARIA Authoring Practices have them for grids of which rows have the focus. */
export function attachGridKeys(target: HTMLElement, actions: GridKeyActions): void {
  const { lines, active, page, move, toggle, choose } = actions;
  const keys: Readonly<Record<string, (line: TreeLine | undefined) => void>> = {
    ArrowDown: () => move(active() + 1),
    ArrowUp: () => move(active() - 1),
    PageDown: () => move(active() + page()),
    PageUp: () => move(active() - page()),
    Home: () => move(0),
    End: () => move(lines().count - 1),
    ArrowRight: (line) => open(line),
    ArrowLeft: (line) => close(line),
    Enter: (line) => act(line),
    " ": (line) => act(line),
  };
  target.addEventListener("keydown", (event) => {
    const key = keys[event.key];
    const isOwn = event.target === target && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (key !== undefined && isOwn) {
      event.preventDefault();
      key(lines().at(active()));
    }
  });

  function open(line: TreeLine | undefined): void {
    if (line?.node.type === "group" && !line.isOpen) {
      toggle(line);
    } else if (line?.node.type === "group") {
      move(active() + 1);
    }
  }

  /** Closes a group, or goes to the one that a line is in. */
  function close(line: TreeLine | undefined): void {
    if (line?.node.type === "group" && line.isOpen) {
      toggle(line);
    } else if (line?.node.parent) {
      const { parent } = line.node;
      const place = lines().placeOf(parent);
      move(place >= 0 ? place : active());
    }
  }

  function act(line: TreeLine | undefined): void {
    if (line !== undefined) {
      (line.node.type === "group" ? toggle : choose)(line);
    }
  }
}
