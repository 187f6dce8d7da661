import { button, element, setText } from "../../shared/element.ts";
import { createFilterBox } from "../../shared/filterBox.ts";
import type { SortOrder } from "../../shared/ranking.ts";
import { nonFiniteCount } from "../rows.ts";
import type { CheckpointRow } from "../rows.ts";
import { formatCount } from "../text.ts";
import type { Tie } from "../ties.ts";
import { createOrder } from "./columnOrder.ts";
import { sumGroups } from "./groupSums.ts";
import type { GroupSum } from "./groupSums.ts";
import { createOpenGroups } from "./openGroups.ts";
import { TENSOR_COLUMNS } from "./tensorColumns.ts";
import { createTensorFilter, searchedText } from "./tensorFilter.ts";
import { createTensorTree } from "./tensorTree.ts";
import type { TensorTree, TreeNode } from "./tensorTree.ts";
import { flatLines, treeLines } from "./treeLines.ts";
import type { TreeLine } from "./treeLines.ts";
import { createTreeGrid } from "./treeGrid.ts";

export interface TensorsTable {
  readonly element: HTMLElement;
  /** Shows the control for tensors of open kinds beside the title, or none. */
  readonly showControl: (control: HTMLElement | null) => void;
  /** Another checkpoint, or other kinds: the tree is made anew. */
  readonly open: (rows: readonly CheckpointRow[], ties: readonly Tie[]) => void;
  /** The same tensors with more norms, in the next frame: many small messages come within one. */
  readonly showSoon: (rowsOf: () => readonly CheckpointRow[]) => void;
}

export interface TableView {
  readonly filter: string;
  readonly order: SortOrder;
  /** Without groups. */
  readonly isList: boolean;
  /** Groups that are open, by id; null for as many as fit. */
  readonly opened: readonly string[] | null;
}

export interface TensorsTableOptions extends TableView {
  readonly onDidChange: (change: Partial<TableView>) => void;
  readonly onDidChoose: (row: CheckpointRow) => void;
}

/** Of more tensors nobody reads all lines at once. */
const MOST_OPENED = 1000;

export function createTensorsTable(options: TensorsTableOptions): TensorsTable {
  let rows: readonly CheckpointRow[] = [];
  let ties: readonly Tie[] = [];
  let tree: TensorTree = createTensorTree([]);
  let kept = new Uint8Array();
  let keptCount = 0;
  let searched: readonly string[] = [];
  /** All tensors in the order of the list, until it changes. */
  let listed: readonly TreeNode[] | undefined;
  let { order, isList } = options;
  let filter = createTensorFilter(options.filter);
  let text = options.filter;
  let sums: readonly GroupSum[] = [];
  let chosen: TreeNode | undefined;
  let isFrameAwaited = false;
  const opened = createOpenGroups(options.opened);
  const count = element("span", { class: "quiet-text", attributes: { role: "status" } });
  const box = createFilterBox(options.filter, (newText) => {
    text = newText;
    filter = createTensorFilter(newText);
    opened.forgetFiltered();
    keep();
    options.onDidChange({ filter: newText });
  });
  box.placeholder = "Filter: layer*.weight or /h\\.[0-3]\\./";
  const mode = button("", { title: "Show tensors with or without their modules", class: "quiet", onClick: toggleMode });
  const slot = element("div", { class: "control" });
  const title = element("div", { class: "section-title" }, [
    element("h2", { text: "Tensors" }),
    count,
    mode,
    slot,
    box,
  ]);
  const grid = createTreeGrid({
    label: "Tensors and their norms",
    columns: [
      { id: "name", label: "Tensor", title: "Name in the file, and the parameter whose state it is", align: "left" },
      ...TENSOR_COLUMNS,
    ],
    order,
    onDidSort(newOrder) {
      order = newOrder;
      listed = undefined;
      draw();
      options.onDidChange({ order });
    },
    cells: (line) => cellsOf(line),
    lineClass: (line) => classOf(line),
    onDidToggle({ node, isOpen }) {
      if (node.type === "group") {
        opened.set(node, !isOpen, isFiltered());
        draw();
        options.onDidChange({ opened: opened.ids() });
      }
    },
    onDidChoose({ node }) {
      const row = node.type === "leaf" ? rows[node.row] : undefined;
      if (row !== undefined) {
        chosen = node;
        draw();
        options.onDidChoose(row);
      }
    },
  });
  nameMode();
  return { element: element("div", { class: "tensors" }, [title, grid.element]), showControl, open, showSoon };

  function showControl(control: HTMLElement | null): void {
    slot.replaceChildren(...(control === null ? [] : [control]));
  }

  function open(newRows: readonly CheckpointRow[], newTies: readonly Tie[]): void {
    rows = newRows;
    ties = newTies;
    tree = createTensorTree(rows);
    searched = rows.map(({ entry }) => searchedText(entry.name, entry.parameter));
    listed = undefined;
    chosen = undefined;
    opened.fit(tree);
    keep();
  }

  function showSoon(rowsOf: () => readonly CheckpointRow[]): void {
    if (!isFrameAwaited) {
      isFrameAwaited = true;
      requestAnimationFrame(() => {
        isFrameAwaited = false;
        rows = rowsOf();
        listed = undefined;
        sumAndDraw();
      });
    }
  }

  function keep(): void {
    keptCount = 0;
    kept = new Uint8Array(rows.length);
    for (const [at, each] of searched.entries()) {
      if (filter.keeps(each)) {
        kept[at] = 1;
        keptCount += 1;
      }
    }
    const all = formatCount(rows.length);
    setText(count, filter.problem ?? (keptCount === rows.length ? all : `${formatCount(keptCount)} of ${all}`));
    box.setAttribute("aria-invalid", String(filter.problem !== undefined));
    sumAndDraw();
  }

  /** A filter that leaves few opens their groups. */
  function isFiltered(): boolean {
    return text !== "" && keptCount <= MOST_OPENED;
  }

  function sumAndDraw(): void {
    if (!isList) {
      sums = sumGroups(tree, rows, { keeps: (row) => kept[row] === 1, ties });
    }
    draw();
  }

  function draw(): void {
    const ordered = createOrder(order, { rows, sums });
    if (isList) {
      listed ??= ordered(tree.leaves);
      grid.show(flatLines(listed.filter(keeps)), chosen);
    } else {
      grid.show(treeLines(tree, { keeps, isOpen: opened.isOpen(isFiltered()), order: ordered }), chosen);
    }
  }

  function keeps(node: TreeNode): boolean {
    return node.type === "group" ? (sums[node.at]?.tensors ?? 0) > 0 : kept[node.row] === 1;
  }

  function toggleMode(): void {
    isList = !isList;
    nameMode();
    sumAndDraw();
    options.onDidChange({ isList });
  }

  function nameMode(): void {
    setText(mode, isList ? "Show as tree" : "Show as list");
    mode.setAttribute("aria-label", mode.textContent);
  }

  function cellsOf({ node }: TreeLine): readonly (Node | string)[] {
    if (node.type === "group") {
      const sum = sums[node.at];
      const name = element("span", { class: "group-name", text: node.label });
      return sum === undefined ? [name] : [name, ...TENSOR_COLUMNS.map((column) => column.groupCell(sum))];
    }
    const row = rows[node.row];
    return row === undefined
      ? []
      : [nameCell(row, isList ? row.entry.name : node.label), ...TENSOR_COLUMNS.map((column) => column.cell(row))];
  }

  function classOf({ node }: TreeLine): string {
    const norms = node.type === "group" ? undefined : rows[node.row]?.norms;
    const broken =
      node.type === "group" ? (sums[node.at]?.nonFinite ?? 0) : norms === undefined ? 0 : nonFiniteCount(norms);
    return broken > 0 ? "is-broken" : "";
  }
}

/** A state's path tells little to people, so its parameter stands beside it; as does the reason where there is no norm. */
function nameCell({ entry, why }: CheckpointRow, label: string): HTMLElement {
  const { name, parameter } = entry;
  const remarks = [
    ...(parameter === undefined ? [] : label === name ? [`of ${parameter}`] : [name]),
    ...(why === undefined ? [] : [`not read: ${why}`]),
  ];
  const beside = remarks.map((text) => element("span", { class: "remark", text }));
  const title = [name, ...(parameter === undefined ? [] : [`of ${parameter}`]), ...(why === undefined ? [] : [why])];
  return element("span", { attributes: { title: title.join("\n") } }, [element("span", { text: label }), ...beside]);
}
