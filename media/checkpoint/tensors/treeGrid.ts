import { element } from "../../shared/element.ts";
import type { SortOrder } from "../../shared/ranking.ts";
import { rowWindow } from "../../shared/rowWindow.ts";
import { createGridHeader } from "./gridHeader.ts";
import { attachGridKeys } from "./gridKeys.ts";
import { createGridRows } from "./gridRows.ts";
import type { RowOptions } from "./gridRows.ts";
import { flatLines } from "./treeLines.ts";
import type { Lines, TreeLine } from "./treeLines.ts";

export interface TreeGridOptions extends RowOptions {
  readonly label: string;
  readonly order: SortOrder;
  readonly onDidSort: (order: SortOrder) => void;
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

export function createTreeGrid(options: TreeGridOptions): TreeGrid {
  let lines: Lines = flatLines([]);
  let chosen: TreeLine["node"] | undefined;
  /** Where the keyboard is; it follows its line when others come or go. */
  let active = 0;
  let shown = "";
  const rows = createGridRows(options);
  const { table, scroller } = createFrame(options, rows.body);
  scroller.addEventListener("scroll", draw, { passive: true });
  new ResizeObserver(draw).observe(scroller);
  rows.body.addEventListener("click", click);
  attachGridKeys(table, {
    lines: () => lines,
    active: () => active,
    page: () => Math.max(1, Math.floor(scroller.clientHeight / ROW_HEIGHT) - 2),
    move,
    toggle: options.onDidToggle,
    choose: options.onDidChoose,
  });
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

  function move(to: number): void {
    active = Math.max(0, Math.min(to, lines.count - 1));
    reveal(scroller, active * ROW_HEIGHT);
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
    rows.clear();
    draw();
  }

  function draw(): void {
    const part = rowWindow(lines.count, ROW_HEIGHT, { top: scroller.scrollTop, height: scroller.clientHeight });
    const key = `${part.first} ${part.last}`;
    if (key !== shown) {
      shown = key;
      rows.draw(part, lines, { active, chosen });
      table.setAttribute("aria-activedescendant", rows.idOf(active) ?? "");
    }
  }
}

function createFrame(
  { columns, label, order, onDidSort }: TreeGridOptions,
  body: HTMLElement,
): { readonly table: HTMLElement; readonly scroller: HTMLElement } {
  const widths = element(
    "colgroup",
    {},
    columns.map(({ id }) => element("col", { class: `col-${id}` })),
  );
  const table = element("table", { attributes: { role: "treegrid", "aria-label": label, tabindex: "0" } }, [
    widths,
    createGridHeader(columns, order, onDidSort),
    body,
  ]);
  return { table, scroller: element("div", { class: "table-scroller" }, [table]) };
}

/** The header covers the first row in sight. */
function reveal(scroller: HTMLElement, top: number): void {
  const bottom = top + 2 * ROW_HEIGHT;
  if (top < scroller.scrollTop) {
    scroller.scrollTop = top;
  } else if (bottom > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = bottom - scroller.clientHeight;
  }
}
