import { formatNumber } from "#core/format.ts";
import type { TensorNorms } from "#core/tensor.ts";
import { createDataTable } from "../shared/dataTable.ts";
import type { TableColumn } from "../shared/dataTable.ts";
import { element, setText } from "../shared/element.ts";
import { createFilterBox } from "../shared/filterBox.ts";
import { createNameFilter } from "../shared/nameFilter.ts";
import type { SortOrder } from "../shared/ranking.ts";
import { nonFiniteCount } from "./rows.ts";
import type { CheckpointRow } from "./rows.ts";
import { formatCount, formatNonFinite, formatShape, shortKindName } from "./text.ts";

export interface TensorsTable {
  readonly element: HTMLElement;
  /** Shows the control for tensors of open kinds beside the title, or none. */
  readonly showControl: (control: HTMLElement | null) => void;
  readonly show: (rows: readonly CheckpointRow[]) => void;
  /** Shows in the next frame, because many small messages come within one. */
  readonly showSoon: (rowsOf: () => readonly CheckpointRow[]) => void;
}

export interface TensorsTableOptions {
  readonly filter: string;
  readonly order: SortOrder;
  readonly onDidFilter: (text: string) => void;
  readonly onDidSort: (order: SortOrder) => void;
}

export function createTensorsTable({ filter, order, onDidFilter, onDidSort }: TensorsTableOptions): TensorsTable {
  let rows: readonly CheckpointRow[] = [];
  let isFrameAwaited = false;
  let keeps = createNameFilter(filter);
  const table = createDataTable({ label: "Tensors and their norms", columns, order, onDidSort, rowClass });
  const count = element("span", { class: "quiet-text" });
  const box = createFilterBox(filter, (text) => {
    keeps = createNameFilter(text);
    onDidFilter(text);
    refresh();
  });
  const slot = element("div", { class: "control" });
  const title = element("div", { class: "section-title" }, [element("h2", { text: "Tensors" }), count, slot, box]);
  const section = element("section", { class: "tensors" }, [title, table.element]);
  return { element: section, showControl, show, showSoon };

  function showControl(control: HTMLElement | null): void {
    slot.replaceChildren(...(control === null ? [] : [control]));
  }

  function show(newRows: readonly CheckpointRow[]): void {
    rows = newRows;
    refresh();
  }

  function showSoon(rowsOf: () => readonly CheckpointRow[]): void {
    if (!isFrameAwaited) {
      isFrameAwaited = true;
      requestAnimationFrame(() => {
        isFrameAwaited = false;
        show(rowsOf());
      });
    }
  }

  function refresh(): void {
    const kept = rows.filter(({ entry }) => keeps(entry.name, entry.parameter));
    const all = formatCount(rows.length);
    setText(count, kept.length === rows.length ? all : `${formatCount(kept.length)} of ${all}`);
    table.show(kept);
  }
}

const columns: readonly TableColumn<CheckpointRow>[] = [
  {
    id: "kind",
    label: "Kind",
    title: "What the tensor holds",
    align: "left",
    valueOf: ({ kind }) => shortKindName(kind),
    cell: ({ kind }) => shortKindName(kind),
  },
  {
    id: "name",
    label: "Tensor",
    title: "Name in the file, and the parameter whose state it is",
    align: "left",
    valueOf: ({ entry }) => entry.name,
    cell: nameCell,
  },
  {
    id: "dtype",
    label: "Type",
    title: "Type of an element",
    align: "left",
    valueOf: ({ entry }) => entry.dtype,
    cell: ({ entry }) => entry.dtype,
  },
  {
    id: "shape",
    label: "Shape",
    title: "Extents, row-major; sorts by the number of elements",
    align: "left",
    valueOf: ({ entry }) => entry.elements,
    cell: ({ entry }) => formatShape(entry.shape),
  },
  {
    id: "elements",
    label: "Elements",
    title: "Number of elements",
    align: "right",
    valueOf: ({ entry }) => entry.elements,
    cell: ({ entry }) => formatCount(entry.elements),
  },
  normColumn({ id: "l2", label: "L2 norm", title: "Square root of the sum of squares" }, ({ l2 }) => l2),
  normColumn({ id: "rms", label: "RMS", title: "L2 norm / √elements: comparable across sizes" }, ({ rms }) => rms),
  normColumn({ id: "linf", label: "Max |x|", title: "Largest absolute value" }, ({ linf }) => linf),
  {
    id: "nonFinite",
    label: "NaN/Inf",
    title: "Elements that are NaN or infinite, and the row-major index of the first",
    align: "right",
    valueOf: ({ norms }) => (norms === undefined ? null : nonFiniteCount(norms)),
    cell: ({ norms, why }) => (norms === undefined ? (why === undefined ? "" : "–") : formatNonFinite(norms)),
  },
];

/** A number that is there once the norms are computed; a waiting cell stays quiet. */
function normColumn(
  head: { readonly id: string; readonly label: string; readonly title: string },
  pick: (norms: TensorNorms) => number,
): TableColumn<CheckpointRow> {
  return {
    ...head,
    align: "right",
    valueOf: ({ norms }) => (norms === undefined ? null : pick(norms)),
    cell: ({ norms, why }) => (norms === undefined ? missing(why) : formatValue(pick(norms))),
  };
}

function formatValue(value: number): string {
  return Number.isFinite(value) ? formatNumber(value) : `✕ ${formatNumber(value)}`;
}

/** Not measured yet, or for good. */
function missing(why: string | undefined): HTMLElement {
  const [text, label] = why === undefined ? ["…", "not measured yet"] : ["–", `not read: ${why}`];
  return element("span", { class: "quiet-text", text, attributes: { "aria-label": label, title: label } });
}

/** A state's path tells little to people, so its parameter stands beside it; as does the reason where there is no norm. */
function nameCell({ entry, why }: CheckpointRow): HTMLElement {
  const { name, parameter } = entry;
  const remarks = [
    ...(parameter === undefined ? [] : [`of ${parameter}`]),
    ...(why === undefined ? [] : [`not read: ${why}`]),
  ];
  const beside = remarks.map((text) => element("span", { class: "remark", text }));
  return element("span", { attributes: { title: [name, ...remarks].join("\n") } }, [
    element("span", { text: name }),
    ...beside,
  ]);
}

function rowClass({ norms }: CheckpointRow): string {
  return norms !== undefined && nonFiniteCount(norms) > 0 ? "is-broken" : "";
}
