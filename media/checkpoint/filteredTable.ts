import { t } from "@vscode/l10n";
import { createDataTable } from "../shared/dataTable.ts";
import type { TableColumn } from "../shared/dataTable.ts";
import { element, setText } from "../shared/element.ts";
import { createFilterBox } from "../shared/filterBox.ts";
import { createTensorFilter, searchedText } from "./tensors/tensorFilter.ts";
import { formatCount } from "./text.ts";

export interface FilteredTableOptions<Row> {
  readonly title: string;
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly nameOf: (row: Row) => string;
  readonly rowClass: (row: Row) => string;
  /** Beside the title. */
  readonly control?: HTMLElement;
}

export interface FilteredTable<Row> {
  readonly element: HTMLElement;
  readonly show: (rows: readonly Row[]) => void;
}

/** A sortable table below a filter for names. */
export function createFilteredTable<Row>(options: FilteredTableOptions<Row>): FilteredTable<Row> {
  const { title, label, columns, nameOf, rowClass, control } = options;
  const order = { column: "", descending: false };
  let rows: readonly Row[] = [];
  let filter = createTensorFilter("");
  const table = createDataTable({ label, columns, order, rowClass, onDidSort: () => undefined });
  const count = element("span", { class: "quiet-text", attributes: { role: "status" } });
  const box = createFilterBox("", (text) => {
    filter = createTensorFilter(text);
    refresh();
  });
  const parts = [element("h2", { text: title }), count, ...(control === undefined ? [] : [control]), box];
  return {
    element: element("div", { class: "tensors" }, [element("div", { class: "section-title" }, parts), table.element]),
    show,
  };

  function show(newRows: readonly Row[]): void {
    rows = newRows;
    refresh();
  }

  function refresh(): void {
    const kept = rows.filter((row) => filter.keeps(searchedText(nameOf(row))));
    const all = formatCount(rows.length);
    setText(
      count,
      filter.problem ?? (kept.length === rows.length ? all : t("{0} of {1}", formatCount(kept.length), all)),
    );
    table.show(kept);
  }
}
