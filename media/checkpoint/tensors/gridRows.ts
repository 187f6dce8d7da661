import { element } from "../../shared/element.ts";
import type { RowWindow } from "../../shared/rowWindow.ts";
import type { GridColumn } from "./gridHeader.ts";
import type { Lines, TreeLine } from "./treeLines.ts";

export interface RowOptions {
  readonly columns: readonly GridColumn[];
  /** One for each column; the first without its indent and arrow. */
  readonly cells: (line: TreeLine) => readonly (Node | string)[];
  readonly lineClass: (line: TreeLine) => string;
}

/** Where the keyboard is, and what was chosen. */
export interface Marks {
  readonly active: number;
  readonly chosen: TreeLine["node"] | undefined;
}

/** The rows that are in the document. */
export interface GridRows {
  readonly body: HTMLElement;
  readonly clear: () => void;
  readonly draw: (part: RowWindow, lines: Lines, marks: Marks) => void;
  /** The id of a line's row; undefined when it is not in the document. */
  readonly idOf: (at: number) => string | undefined;
}

let grids = 0;

export function createGridRows(options: RowOptions): GridRows {
  grids += 1;
  const prefix = `grid${grids}-row`;
  const [above, below] = [spacer(), spacer()];
  const body = element("tbody", {}, [above, below]);
  const rows = new Map<number, HTMLTableRowElement>();
  return {
    body,
    clear() {
      rows.forEach((row) => row.remove());
      rows.clear();
    },
    draw,
    idOf: (at) => rows.get(at)?.id,
  };

  /** Rows that stay in sight are not touched: only what is new is laid out. */
  function draw(part: RowWindow, lines: Lines, marks: Marks): void {
    for (const [at, row] of rows) {
      if (at < part.first || at >= part.last) {
        row.remove();
        rows.delete(at);
      }
    }
    above.style.height = `${part.above}px`;
    below.style.height = `${part.below}px`;
    let next = above.nextSibling;
    for (let at = part.first; at < part.last; at += 1) {
      const line = lines.at(at);
      const known = rows.get(at);
      if (known !== undefined) {
        next = known.nextSibling;
      } else if (line !== undefined) {
        const row = rowElement({ line, at, id: `${prefix}${at}` }, marks, options);
        rows.set(at, row);
        body.insertBefore(row, next);
      }
    }
  }
}

interface PlacedLine {
  readonly line: TreeLine;
  readonly at: number;
  readonly id: string;
}

function rowElement({ line, at, id }: PlacedLine, { active, chosen }: Marks, options: RowOptions): HTMLTableRowElement {
  const { node, level, position, size, isOpen } = line;
  const cells = options.cells(line).map((content, column) => bodyCell(options.columns[column], content));
  cells[0]?.prepend(indent(line));
  const isChosen = node === chosen;
  return element(
    "tr",
    {
      class: [options.lineClass(line), at === active ? "is-active" : "", isChosen ? "is-chosen" : ""].join(" "),
      attributes: {
        id,
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

function indent({ level, node, isOpen }: TreeLine): HTMLElement {
  const arrow = node.type === "leaf" ? "" : isOpen ? "▾" : "▸";
  const mark = element("span", { class: "tree-arrow", text: arrow, attributes: { "aria-hidden": "true" } });
  mark.style.marginLeft = `${(level - 1) * 14}px`;
  return mark;
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
