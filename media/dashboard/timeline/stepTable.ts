import { t } from "@vscode/l10n";
import { formatNumber } from "#core/format.ts";
import { formatPlace } from "../../charts/horizontal.ts";
import type { Horizontal } from "../../charts/horizontal.ts";
import { stepsIn, valueAt } from "../../charts/stepColumns.ts";
import type { StepColumn } from "../../charts/stepColumns.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { createDataTable } from "../../shared/dataTable.ts";
import type { DataTable, TableColumn } from "../../shared/dataTable.ts";
import { element } from "../../shared/element.ts";

export interface StepTablePicture {
  readonly columns: readonly StepColumn[];
  readonly range: StepRange;
  readonly horizontal: Horizontal;
}

/** Charts over steps as a table: a row for each step on screen, every value as it was logged. */
export interface StepTable {
  readonly element: HTMLElement;
  readonly show: (picture: StepTablePicture) => void;
}

export function createStepTable(label: string): StepTable {
  const holder = element("div", { class: "step-table" });
  let table: DataTable<number> | undefined;
  let shownNames = "";
  let columns: readonly StepColumn[] = [];
  return {
    element: holder,
    show({ columns: all, range, horizontal }) {
      columns = all;
      const names = JSON.stringify([horizontal.unit, all.map(({ name }) => name)]);
      if (table === undefined || names !== shownNames) {
        shownNames = names;
        table = createDataTable({ label, ...tableOf(horizontal) });
        holder.replaceChildren(table.element);
      }
      table.show(Array.from(stepsIn(all, range)));
    },
  };

  function tableOf(horizontal: Horizontal): Omit<Parameters<typeof createDataTable<number>>[0], "label"> {
    const places = horizontal.unit === "step" ? [] : [placeColumn(horizontal)];
    const values = columns.map(({ name }, index) => valueColumn(name, index));
    return {
      columns: [STEP, ...places, ...values],
      order: { column: "", descending: false },
      onDidSort: () => undefined,
    };
  }

  /** The columns may grow while their names stay. */
  function valueColumn(name: string, index: number): TableColumn<number> {
    const valueOf = (step: number): number | undefined => {
      const column = columns[index];
      return column && valueAt(column, step);
    };
    return {
      id: `line${index}`,
      label: name,
      title: name,
      align: "right",
      valueOf: (step) => valueOf(step) ?? null,
      cell: (step) => describeValue(valueOf(step)),
    };
  }
}

const STEP: TableColumn<number> = {
  id: "step",
  label: t("Step"),
  title: t("Step"),
  align: "right",
  valueOf: (step) => step,
  cell: (step) => String(step),
};

function placeColumn({ unit, fromStep }: Horizontal): TableColumn<number> {
  const label = { step: t("Step"), time: t("Time"), samples: t("Samples"), tokens: t("Tokens") }[unit];
  return {
    id: "place",
    label,
    title: label,
    align: "right",
    valueOf: fromStep,
    cell: (step) => formatPlace(unit, fromStep(step)),
  };
}

function describeValue(value: number | undefined): string {
  if (value === undefined) {
    return t("not logged");
  }
  return Number.isFinite(value) ? formatNumber(value) : `✕ ${formatNumber(value)}`;
}
