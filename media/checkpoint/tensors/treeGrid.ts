import { element } from "../../shared/element.ts";
import { rowWindow } from "../../shared/rowWindow.ts";
import type { SortOrder } from "../../shared/ranking.ts";
import { attachGridKeys } from "./gridKeys.ts";
import { flatLines } from "./treeLines.ts";
import type { Lines, TreeLine } from "./treeLines.ts";

export interface GridColumn {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly align: "left" | "right";
}

export interface TreeGridOptions {
  readonly label: string;
  /** The first one is the tree's. */
  readonly columns: readonly GridColumn[];
  readonly order: SortOrder;
  readonly onDidSort: (order: SortOrder) => void;
  /** One for each column; the first without its indent and arrow. */
  readonly cells: (line: TreeLine) => readonly (Node | string)[];
  readonly lineClass: (line: TreeLine) => string;
  /** Opens or closes a group. */
  readonly onDidToggle: (line: TreeLine) => void;
  readonly onDidChoose: (line: TreeLine) => void;
}

/** A table of a tree that keeps only the lines in sight in the document, operated by mouse or by the keys of a tree grid. */
export interface TreeGrid {
  readonly element: HTMLElement;
  /** `chosen` is marked. */
  readonly show: (lines: Lines, chosen: TreeLine["node"] | undefined) => void;
}

/** Height of a row in the style sheet, `--row-height`. */
const ROW_HEIGHT = 22;

let grids = 0;

export function createTreeGrid(options: TreeGridOptions): TreeGrid {
  const { columns, label } = options;
  grids += 1;
  const idOf = (at: number): string => `grid${grids}-row${at}`;
  let { order } = options;
  let lines: Lines = flatLines([]);
  let chosen: TreeLine["node"] | undefined;
  /** Where the keyboard is; it follows its line when others come or go. */
  let active = 0;
  const headers = columns.map((column) => headerCell(column, () => sortBy(column)));
  const [above, below] = [spacer(), spacer()];
  const body = element("tbody", {}, [above, below]);
  const columnElements = columns.map(({ id }) => element("col", { class: `col-${id}` }));
  const table = element("table", { attributes: { role: "treegrid", "aria-label": label, tabindex: "0" } }, [
    element("colgroup", {}, columnElements),
    element("thead", {}, [element("tr", { attributes: { "aria-rowindex": "1" } }, headers)]),
    body,
  ]);
  const scroller = element("div", { class: "table-scroller" }, [table]);
  let shown = "";
  const rows = new Map<number, HTMLTableRowElement>();
  scroller.addEventListener("scroll", draw, { passive: true });
  new ResizeObserver(draw).observe(scroller);
  body.addEventListener("click", (event) => click(event));
  attachGridKeys(table, {
    lines: () => lines,
    active: () => active,
    page: () => Math.max(1, Math.floor(scroller.clientHeight / ROW_HEIGHT) - 2),
    move,
    toggle: options.onDidToggle,
    choose: options.onDidChoose,
  });
  markOrder();
  return { element: scroller, show };

  function show(newLines: Lines, newChosen: TreeLine["node"] | undefined): void {
    const node = lines.at(active)?.node;
    const place = node === undefined ? -1 : newLines.placeOf(node);
    active = place >= 0 ? place : Math.max(0, Math.min(active, newLines.count - 1));
    lines = newLines;
    chosen = newChosen;
    table.setAttribute("aria-rowcount", String(lines.count + 1));
    redraw();
  }

  function sortBy({ id, align }: GridColumn): void {
    const isSame = order.column === id;
    order = { column: id, descending: isSame ? !order.descending : align === "right" };
    markOrder();
    options.onDidSort(order);
  }

  function markOrder(): void {
    const direction = order.descending ? "descending" : "ascending";
    columns.forEach(({ id }, at) => headers[at]?.setAttribute("aria-sort", id === order.column ? direction : "none"));
  }

  function move(to: number): void {
    active = Math.max(0, Math.min(to, lines.count - 1));
    const top = active * ROW_HEIGHT;
    const bottom = top + 2 * ROW_HEIGHT; // The header covers a row.
    if (top < scroller.scrollTop) {
      scroller.scrollTop = top;
    } else if (bottom > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = bottom - scroller.clientHeight;
    }
    redraw();
  }

  function click(event: Event): void {
    const row = event.target instanceof Element ? event.target.closest("tr[data-at]") : null;
    const at = Number(row?.getAttribute("data-at") ?? -1);
    const line = lines.at(at);
    if (line !== undefined) {
      active = at;
      (line.node.type === "group" ? options.onDidToggle : options.onDidChoose)(line);
    }
  }

  function redraw(): void {
    shown = "";
    rows.forEach((row) => row.remove());
    rows.clear();
    draw();
  }

  /** Rows that stay in sight are not touched: only what is new is laid out. */
  function draw(): void {
    const part = rowWindow(lines.count, ROW_HEIGHT, { top: scroller.scrollTop, height: scroller.clientHeight });
    const key = `${part.first} ${part.last}`;
    if (key === shown) {
      return;
    }
    shown = key;
    for (const [at, row] of rows) {
      if (at < part.first || at >= part.last) {
        row.remove();
        rows.delete(at);
      }
    }
    above.style.height = `${part.above}px`;
    below.style.height = `${part.below}px`;
    fill(part.first, part.last);
    if (rows.has(active)) {
      table.setAttribute("aria-activedescendant", idOf(active));
    } else {
      table.removeAttribute("aria-activedescendant");
    }
  }

  function fill(first: number, last: number): void {
    let next = above.nextSibling;
    for (let at = first; at < last; at += 1) {
      const line = lines.at(at);
      const known = rows.get(at);
      if (known !== undefined) {
        next = known.nextSibling;
      } else if (line !== undefined) {
        const row = rowElement(line, at);
        rows.set(at, row);
        body.insertBefore(row, next);
      }
    }
  }

  function rowElement(line: TreeLine, at: number): HTMLTableRowElement {
    const { node, level, position, size, isOpen } = line;
    const cells = options.cells(line).map((content, column) => bodyCell(columns[column], content));
    cells[0]?.prepend(indent(line));
    const isChosen = node === chosen;
    return element(
      "tr",
      {
        class: [options.lineClass(line), at === active ? "is-active" : "", isChosen ? "is-chosen" : ""].join(" "),
        attributes: {
          id: idOf(at),
          "data-at": String(at),
          "aria-rowindex": String(at + 2),
          "aria-level": String(level),
          "aria-posinset": String(position),
          "aria-setsize": String(size),
          ...(node.type === "group" ? { "aria-expanded": String(isOpen) } : { "aria-selected": String(isChosen) }),
        },
      },
      cells,
    );
  }
}

function indent({ level, node, isOpen }: TreeLine): HTMLElement {
  const arrow = node.type === "leaf" ? "" : isOpen ? "▾" : "▸";
  const mark = element("span", { class: "tree-arrow", text: arrow, attributes: { "aria-hidden": "true" } });
  mark.style.marginLeft = `${(level - 1) * 14}px`;
  return mark;
}

function headerCell(column: GridColumn, onClick: () => void): HTMLTableCellElement {
  const label = element("button", { text: column.label, attributes: { type: "button", title: column.title }, onClick });
  return element("th", { class: `align-${column.align}`, attributes: { scope: "col" } }, [label]);
}

function bodyCell(column: GridColumn | undefined, content: Node | string): HTMLTableCellElement {
  const cell = element("td", { class: `align-${column?.align ?? "left"} cell-${column?.id ?? ""}` });
  cell.append(content);
  if (typeof content === "string" && column?.align === "left") {
    cell.title = content;
  }
  return cell;
}

function spacer(): HTMLTableRowElement {
  return element("tr", { class: "spacer", attributes: { "aria-hidden": "true" } });
}
