import { formatNorm } from "#l10n/format.ts";
import type { Comparison, TensorDivergence } from "#protocol/dashboard/compare.ts";
import { t } from "@vscode/l10n";
import { createDataTable } from "../../shared/dataTable.ts";
import type { TableColumn } from "../../shared/dataTable.ts";
import { element, setText } from "../../shared/element.ts";
import { nameByItsEnd } from "../../shared/nameByItsEnd.ts";
import { describeDifference } from "./verdict.ts";

/** The tensors in the order in which they begin to differ. */
export interface TensorsTable {
  readonly element: HTMLElement;
  readonly show: (comparison: Comparison) => void;
}

export function createTensorsTable(): TensorsTable {
  const title = element("h2", { text: t("Tensors that differ") });
  const note = element("p", { class: "quiet-text" });
  const table = createDataTable({
    label: t("Tensors that differ, the first first"),
    columns,
    order: { column: "step", descending: false },
    onDidSort: () => undefined,
  });
  const section = element("section", { class: "divergences" }, [title, note, table.element]);
  return {
    element: section,
    show({ tensors, divergingTensors, commonTensors }) {
      section.hidden = commonTensors === 0;
      table.element.hidden = tensors.length === 0;
      const listed = tensors.length < divergingTensors ? t("The first {0} are listed.", tensors.length) : "";
      const differ = t("{0} of {1} tensors that both runs log differ.", divergingTensors, commonTensors);
      setText(note, `${differ} ${listed}`.trimEnd());
      table.show(tensors);
    },
  };
}

const columns: readonly TableColumn<TensorDivergence>[] = [
  column("tensor", t("Tensor"), {
    align: "left",
    valueOf: ({ tensor }) => tensor,
    cell: ({ tensor }) => nameByItsEnd(tensor),
  }),
  column("step", t("First step"), { align: "right", valueOf: ({ step }) => step, cell: ({ step }) => String(step) }),
  column("own", t("This run"), { align: "right", valueOf: ({ own }) => own, cell: ({ own }) => formatNorm(own) }),
  column("other", t("Other run"), {
    align: "right",
    valueOf: ({ other }) => other,
    cell: ({ other }) => formatNorm(other),
  }),
  column("difference", t("Difference"), {
    align: "right",
    valueOf: ({ difference }) => difference,
    cell: ({ difference }) => describeDifference(difference),
  }),
];

function column(
  id: string,
  label: string,
  rest: Omit<TableColumn<TensorDivergence>, "id" | "label" | "title">,
): TableColumn<TensorDivergence> {
  return { id, label, title: label, ...rest };
}
