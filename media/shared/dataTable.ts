import { element } from "./element.ts";
import { rankRows } from "./ranking.ts";
import type { SortOrder, SortValue } from "./ranking.ts";
import { rowWindow } from "./rowWindow.ts";

export interface TableColumn<Row> {
  readonly id: string;
  readonly label: string;
  /** Longer words for the header's tooltip. */
  readonly title: string;
  readonly align: "left" | "right";
  readonly valueOf: (row: Row) => SortValue;
  readonly cell: (row: Row) => Node | string;
}

export interface DataTable<Row> {
  readonly element: HTMLElement;
  /** Shows these rows in the chosen order. */
  readonly show: (rows: readonly Row[]) => void;
}

export interface DataTableOptions<Row> {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly order: SortOrder;
  readonly onDidSort: (order: SortOrder) => void;
  readonly rowClass?: (row: Row) => string;
}

/** Height of a row in the style sheet, `--row-height`. */
const ROW_HEIGHT = 22;

/** A sortable table that keeps only the rows in sight in the document, so that 10,000 of them scroll freely. */
export function createDataTable<Row>(options: DataTableOptions<Row>): DataTable<Row> {
  const { columns } = options;
  let { order } = options;
  let rows: readonly Row[] = [];
  let ranked: readonly Row[] = [];
  const headers = columns.map((column) => headerCell(column, () => sortBy(column)));
  const body = element("tbody");
  const table = element("table", { attributes: { "aria-label": options.label } }, [
    element(
      "colgroup",
      {},
      columns.map((column) => element("col", { class: `col-${column.id}` })),
    ),
    element("thead", {}, [element("tr", { attributes: { "aria-rowindex": "1" } }, headers)]),
    body,
  ]);
  const scroller = element("div", { class: "table-scroller", attributes: { tabindex: "0", role: "region" } }, [table]);
  scroller.setAttribute("aria-label", options.label);
  let shown = "";
  scroller.addEventListener("scroll", () => drawRows(), { passive: true });
  new ResizeObserver(() => drawRows()).observe(scroller);
  markOrder(headers, columns, order);
  return { element: scroller, show };

  function show(newRows: readonly Row[]): void {
    rows = newRows;
    rank();
  }

  function sortBy(column: TableColumn<Row>): void {
    const isSame = order.column === column.id;
    order = { column: column.id, descending: isSame ? !order.descending : column.align === "right" };
    markOrder(headers, columns, order);
    rank();
    options.onDidSort(order);
  }

  function rank(): void {
    const column = columns.find(({ id }) => id === order.column); // None: the order they came in.
    ranked = column === undefined ? rows : rankRows(rows, column.valueOf, order.descending);
    table.setAttribute("aria-rowcount", String(rows.length + 1));
    shown = "";
    drawRows();
  }

  function drawRows(): void {
    const part = rowWindow(ranked.length, ROW_HEIGHT, { top: scroller.scrollTop, height: scroller.clientHeight });
    const key = `${part.first} ${part.last} ${ranked.length}`;
    if (key === shown) {
      return;
    }
    shown = key;
    const inSight = ranked.slice(part.first, part.last).map((row, index) => rowElement(row, part.first + index));
    body.replaceChildren(spacer(part.above), ...inSight, spacer(part.below));
  }

  function rowElement(row: Row, index: number): HTMLTableRowElement {
    const cells = columns.map((column) => bodyCell(column, row));
    const attributes = { "aria-rowindex": String(index + 2) };
    return element("tr", { class: options.rowClass?.(row) ?? "", attributes }, cells);
  }
}

function markOrder(headers: readonly Element[], columns: readonly { readonly id: string }[], order: SortOrder): void {
  const direction = order.descending ? "descending" : "ascending";
  for (const [index, { id }] of columns.entries()) {
    headers[index]?.setAttribute("aria-sort", id === order.column ? direction : "none");
  }
}

function headerCell<Row>(column: TableColumn<Row>, onClick: () => void): HTMLTableCellElement {
  const attributes = { type: "button", title: column.title };
  const label = element("button", { text: column.label, attributes, onClick });
  return element("th", { class: `align-${column.align}`, attributes: { scope: "col" } }, [label]);
}

function bodyCell<Row>(column: TableColumn<Row>, row: Row): HTMLTableCellElement {
  const content = column.cell(row);
  const cell = element("td", { class: `align-${column.align} cell-${column.id}` });
  cell.append(content);
  if (typeof content === "string" && column.align === "left") {
    cell.title = content;
  }
  return cell;
}

function spacer(height: number): HTMLTableRowElement {
  const row = element("tr", { class: "spacer", attributes: { "aria-hidden": "true" } });
  row.style.height = `${height}px`;
  return row;
}
