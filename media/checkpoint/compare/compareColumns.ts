import { formatNumber } from "#core/format.ts";
import { percent } from "#l10n/format.ts";
import type { UpdateRow } from "#protocol/checkpointTabs.ts";
import { t } from "@vscode/l10n";
import type { TableColumn } from "../../shared/dataTable.ts";
import { element } from "../../shared/element.ts";
import { fateName } from "./compareRows.ts";
import type { CompareRow } from "./compareRows.ts";

/** What stands in the table of tensors of two checkpoints. */
export const COMPARE_COLUMNS: readonly TableColumn<CompareRow>[] = [
  {
    id: "name",
    label: t("Tensor"),
    title: t("Name in the second checkpoint, or the only one that has it"),
    align: "left",
    valueOf: ({ name }) => name,
    cell: ({ name, remark }) =>
      element("span", { attributes: { title: name } }, [
        element("span", { text: name }),
        ...(remark === "" ? [] : [element("span", { class: "remark", text: remark })]),
      ]),
  },
  text("fate", t("Change"), t("What became of it"), ({ fate }) => fateName(fate)),
  text("shape", t("Shape"), t("Extents, row-major"), ({ shape }) => shape),
  number("relative", t("‖Δ‖/‖before‖"), t("Relative change of the tensor"), ({ relative }) => relative),
  number(
    "low",
    t("Per step, at least"),
    t("Update-to-weight ratio of a step, if all steps went the same way"),
    ({ perStep }) => perStep?.low ?? null,
  ),
  number(
    "high",
    t("Per step, about"),
    t("Update-to-weight ratio of a step, if each went its own way"),
    ({ perStep }) => perStep?.high ?? null,
  ),
  number("before", t("Norm before"), t("L2 norm in the first checkpoint"), ({ before }) => before),
  number("after", t("Norm after"), t("L2 norm in the second checkpoint"), ({ after }) => after),
  number("cosine", t("Cosine"), t("Of the angle between before and after"), ({ cosine }) => cosine),
  {
    ...number("changed", t("Elements changed"), t("Part of the elements that differ"), ({ changed }) => changed),
    cell: ({ update }) => (update === null ? "–" : percent(update.changed)),
  },
];

function text(id: string, label: string, title: string, pick: (row: CompareRow) => string): TableColumn<CompareRow> {
  return { id, label, title, align: "left", valueOf: pick, cell: pick };
}

function number(
  id: string,
  label: string,
  title: string,
  pick: (update: UpdateRow) => number | null,
): TableColumn<CompareRow> {
  const valueOf = ({ update }: CompareRow): number | null => (update === null ? null : pick(update));
  return {
    id,
    label,
    title,
    align: "right",
    valueOf,
    cell(row) {
      const value = valueOf(row);
      return value === null ? "–" : formatNumber(value);
    },
  };
}
