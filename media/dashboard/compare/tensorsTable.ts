import { formatNorm } from "#core/format.ts";
import type { Comparison, TensorDivergence } from "#protocol/dashboard/compare.ts";
import { createDataTable } from "../../shared/dataTable.ts";
import type { TableColumn } from "../../shared/dataTable.ts";
import { element, setText } from "../../shared/element.ts";
import { describeDifference } from "./verdict.ts";

/** The tensors in the order in which they begin to differ. */
export interface TensorsTable {
  readonly element: HTMLElement;
  readonly show: (comparison: Comparison) => void;
}

export function createTensorsTable(): TensorsTable {
  const title = element("h2", { text: "Tensors that differ" });
  const note = element("p", { class: "quiet-text" });
  const table = createDataTable({
    label: "Tensors that differ, the first first",
    columns,
    order: { column: "step", descending: false },
    onDidSort: () => undefined,
  });
  const section = element("section", { class: "tensors" }, [title, note, table.element]);
  return {
    element: section,
    show({ tensors, divergingTensors, commonTensors }) {
      section.hidden = commonTensors === 0;
      table.element.hidden = tensors.length === 0;
      const listed = tensors.length < divergingTensors ? ` The first ${tensors.length} are listed.` : "";
      setText(note, `${divergingTensors} of ${commonTensors} tensors that both runs log differ.${listed}`);
      table.show(tensors);
    },
  };
}

const columns: readonly TableColumn<TensorDivergence>[] = [
  column("tensor", "Tensor", { align: "left", valueOf: ({ tensor }) => tensor, cell: ({ tensor }) => tensor }),
  column("step", "First step", { align: "right", valueOf: ({ step }) => step, cell: ({ step }) => String(step) }),
  column("own", "This run", { align: "right", valueOf: ({ own }) => own, cell: ({ own }) => formatNorm(own) }),
  column("other", "Other run", {
    align: "right",
    valueOf: ({ other }) => other,
    cell: ({ other }) => formatNorm(other),
  }),
  column("difference", "Difference", {
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
