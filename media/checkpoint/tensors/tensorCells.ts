import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { nameByItsEnd } from "../../shared/nameByItsEnd.ts";
import { nonFiniteCount } from "../rows.ts";
import type { CheckpointRow } from "../rows.ts";
import { TENSOR_COLUMNS } from "./tensorColumns.ts";
import type { TensorModel } from "./tensorModel.ts";
import type { TreeLine } from "./treeLines.ts";

/** What stands in the columns of a line; of a list with whole names. */
export function cellsOf(
  { node }: TreeLine,
  { rowOf, sumOf }: TensorModel,
  isList: boolean,
): readonly (Node | string)[] {
  const row = rowOf(node);
  if (row !== undefined) {
    const label = isList ? row.entry.name : node.label;
    return [nameCell(row, label), ...TENSOR_COLUMNS.map((column) => column.cell(row))];
  }
  const sum = sumOf(node);
  const name = element("span", { class: "group-name", text: node.label });
  return sum === undefined ? [name] : [name, ...TENSOR_COLUMNS.map((column) => column.groupCell(sum))];
}

export function classOf({ node }: TreeLine, { rowOf, sumOf }: TensorModel): string {
  const norms = rowOf(node)?.norms;
  const broken = norms === undefined ? (sumOf(node)?.nonFinite ?? 0) : nonFiniteCount(norms);
  return broken > 0 ? "is-broken" : "";
}

/** A state's path tells little to people, so its parameter stands beside it; as does the reason where there is no norm. */
function nameCell({ entry, why }: CheckpointRow, label: string): HTMLElement {
  const { name, parameter } = entry;
  const remarks = [
    ...(parameter === undefined ? [] : label === name ? [t("of {0}", parameter)] : [name]),
    ...(why === undefined ? [] : [t("not read: {0}", why)]),
  ];
  const beside = remarks.map((text) => element("span", { class: "remark", text }));
  const title = [
    name,
    ...(parameter === undefined ? [] : [t("of {0}", parameter)]),
    ...(why === undefined ? [] : [why]),
  ];
  const shown = label === name && beside.length === 0 ? nameByItsEnd(name) : element("span", { text: label });
  return element("span", { attributes: { title: title.join("\n") } }, [shown, ...beside]);
}
