import { formatNumber } from "#core/format.ts";
import { formatNorm } from "#l10n/format.ts";
import type { TensorRow } from "#protocol/dashboard/tensorRows.ts";
import { t } from "@vscode/l10n";
import { createDataTable } from "../shared/dataTable.ts";
import type { TableColumn } from "../shared/dataTable.ts";
import { element, setText } from "../shared/element.ts";
import { createFilterBox } from "../shared/filterBox.ts";
import { nameByItsEnd } from "../shared/nameByItsEnd.ts";
import { createNameFilter } from "../shared/nameFilter.ts";
import type { SortOrder } from "../shared/ranking.ts";
import { sparklineCell } from "./sparklineCell.ts";

export interface TensorsTable {
  readonly element: HTMLElement;
  readonly show: (rows: readonly TensorRow[]) => void;
}

export interface TensorsTableOptions {
  readonly filter: string;
  readonly order: SortOrder;
  readonly onDidFilter: (text: string) => void;
  readonly onDidSort: (order: SortOrder) => void;
}

export function createTensorsTable(options: TensorsTableOptions): TensorsTable {
  let rows: readonly TensorRow[] = [];
  let keeps = createNameFilter(options.filter);
  const { order, onDidSort } = options;
  const table = createDataTable({ label: t("Gradient norm of each tensor"), columns, order, onDidSort, rowClass });
  const count = element("span", { class: "quiet-text" });
  const box = createFilterBox(options.filter, (text) => {
    keeps = createNameFilter(text);
    options.onDidFilter(text);
    refresh();
  });
  const title = element("div", { class: "section-title" }, [element("h2", { text: t("Tensors") }), count, box]);
  const section = element("section", { class: "tensors" }, [title, table.element]);
  return { element: section, show };

  function show(newRows: readonly TensorRow[]): void {
    rows = newRows;
    section.hidden = rows.length === 0;
    refresh();
  }

  function refresh(): void {
    const kept = rows.filter(({ name }) => keeps(name));
    setText(count, kept.length === rows.length ? String(rows.length) : t("{0} of {1}", kept.length, rows.length));
    table.show(kept);
  }
}

function rowClass({ last }: TensorRow): string {
  return Number.isFinite(last) ? "" : "is-broken";
}

const columns: readonly TableColumn<TensorRow>[] = [
  {
    id: "name",
    label: t("Tensor"),
    title: t("Name as the log spells it"),
    align: "left",
    valueOf: ({ name }) => name,
    cell: ({ name }) => nameByItsEnd(name),
  },
  {
    id: "last",
    label: t("Last norm"),
    title: t("Norm at the last logged step"),
    align: "right",
    valueOf: ({ last }) => last,
    cell: ({ last }) => normText(last),
  },
  {
    id: "median",
    label: t("Median"),
    title: t("Median of the finite norms"),
    align: "right",
    valueOf: ({ median }) => median,
    cell: ({ median }) => formatNorm(median),
  },
  {
    id: "p99",
    label: "p99",
    title: t("99th percentile of the finite norms"),
    align: "right",
    valueOf: ({ p99 }) => p99,
    cell: ({ p99 }) => formatNorm(p99),
  },
  {
    id: "share",
    label: t("Share"),
    title: t("Part of the squared global norm at the last step"),
    align: "right",
    valueOf: ({ share }) => share,
    cell: ({ share }) => shareCell(share),
  },
  {
    id: "recent",
    label: t("Recent"),
    title: t("The last norms on a log scale, ✕ NaN or Inf, ○ zero; sorts by the last norm over the median"),
    align: "left",
    valueOf: ({ last, median }) => (median === null || median === 0 ? null : last / median),
    cell: ({ recent }) => sparklineCell(recent),
  },
  {
    id: "nonFinite",
    label: "NaN/Inf",
    title: t("Steps with a NaN or infinite norm"),
    align: "right",
    valueOf: ({ nonFinite }) => nonFinite,
    cell: ({ nonFinite }) => countText(nonFinite),
  },
  {
    id: "zeros",
    label: t("Zeros"),
    title: t("Steps with a norm of exactly zero"),
    align: "right",
    valueOf: ({ zeros }) => zeros,
    cell: ({ zeros }) => countText(zeros),
  },
];

function normText(norm: number): string {
  return Number.isFinite(norm) ? formatNorm(norm) : `✕ ${formatNumber(norm)}`;
}

/** A count of none is quiet, so that the others stand out. */
function countText(count: number): string {
  return count === 0 ? "–" : String(count);
}

function shareCell(share: number | null): HTMLElement {
  if (share === null) {
    return element("span", { class: "quiet-text", text: t("not measured") });
  }
  const bar = element("span", { class: "share-bar", attributes: { "aria-hidden": "true" } });
  bar.style.setProperty("--share", String(Math.min(1, Math.max(0, share))));
  return element("span", { class: "share" }, [bar, element("span", { text: formatShare(share) })]);
}

function formatShare(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 0.1 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}
