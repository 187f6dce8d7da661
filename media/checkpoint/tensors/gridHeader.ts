import { element } from "../../shared/element.ts";
import type { SortOrder } from "../../shared/ranking.ts";

export interface GridColumn {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly align: "left" | "right";
}

/** The row of column titles; a click on one sorts, a second one the other way. */
export function createGridHeader(
  columns: readonly GridColumn[],
  first: SortOrder,
  onDidSort: (order: SortOrder) => void,
): HTMLElement {
  let order = first;
  const headers = columns.map((column) => headerCell(column, () => sortBy(column)));
  mark();
  return element("thead", {}, [element("tr", { attributes: { "aria-rowindex": "1" } }, headers)]);

  function sortBy({ id, align }: GridColumn): void {
    const isSame = order.column === id;
    order = { column: id, descending: isSame ? !order.descending : align === "right" };
    mark();
    onDidSort(order);
  }

  function mark(): void {
    const direction = order.descending ? "descending" : "ascending";
    columns.forEach(({ id }, at) => headers[at]?.setAttribute("aria-sort", id === order.column ? direction : "none"));
  }
}

function headerCell(column: GridColumn, onClick: () => void): HTMLTableCellElement {
  const label = element("button", { text: column.label, attributes: { type: "button", title: column.title }, onClick });
  return element("th", { class: `align-${column.align}`, attributes: { scope: "col" } }, [label]);
}
