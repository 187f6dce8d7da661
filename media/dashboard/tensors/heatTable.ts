import type { Axis } from "#core/series.ts";
import type { ToTensors } from "#protocol/dashboard/tensors.ts";
import { t } from "@vscode/l10n";
import { createDataTable } from "../../shared/dataTable.ts";
import type { TableColumn } from "../../shared/dataTable.ts";
import { element } from "../../shared/element.ts";
import { nameByItsEnd } from "../../shared/nameByItsEnd.ts";
import { describeColumn, describeValue } from "./describeCell.ts";
import type { ShownRow } from "./rows.ts";

type Answer = Extract<ToTensors, { kind: "cells" }>;

/** Columns of the table: as many parts of the steps on screen. */
export const TABLE_COLUMNS = 6;

/** The picture as a table: the largest norm of each row in some parts of the steps. */
export function createHeatTable(): {
  readonly element: HTMLElement;
  readonly show: (rows: readonly ShownRow[], answer: Answer, axis: Axis | undefined) => void;
} {
  const holder = element("div", { class: "heat-table" });
  return {
    element: holder,
    show(rows, answer, axis) {
      const columns = [
        nameColumn,
        ...Array.from({ length: answer.grid.columns }, (_, part) => partColumn(answer, part, axis)),
      ];
      const order = { column: "", descending: false };
      const table = createDataTable({
        label: t("Norms of tensors by steps"),
        columns,
        order,
        onDidSort: () => undefined,
      });
      holder.replaceChildren(table.element);
      table.show(rows.map((row, index) => ({ row, index })));
    },
  };
}

interface TableRow {
  readonly row: ShownRow;
  /** Its place among the cells of the answer. */
  readonly index: number;
}

const nameColumn: TableColumn<TableRow> = {
  id: "layer",
  label: t("Tensor"),
  title: t("Tensors in the order of the model; a block stands for all its tensors together"),
  align: "left",
  valueOf: ({ row }) => row.name,
  cell: ({ row }) => (row.kind === "group" ? row.label : nameByItsEnd(row.name)),
};

function partColumn(answer: Answer, part: number, axis: Axis | undefined): TableColumn<TableRow> {
  const { grid, most } = answer;
  const cellOf = ({ index }: TableRow): number => index * grid.columns + part;
  const label = describeColumn(grid, grid.from + (part + 0.5) * grid.width, axis);
  return {
    id: `part${part}`,
    label,
    title: t("The largest norm at {0}", label),
    align: "right",
    valueOf: (row) => most[cellOf(row)] ?? null,
    cell: (row) => describeValue(answer, cellOf(row)),
  };
}
