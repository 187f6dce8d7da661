import { formatNumber } from "#core/format.ts";
import { globalNorm, asSquaredNorm, rms } from "#core/norm.ts";
import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import type { SortValue } from "../../shared/ranking.ts";
import { nonFiniteCount } from "../rows.ts";
import type { CheckpointRow } from "../rows.ts";
import { formatCount, formatNonFinite, formatShape, shortKindName } from "../text.ts";
import type { GroupSum } from "./groupSums.ts";

/** A column of tensors and of groups of them. */
export interface TensorColumn {
  readonly id: string;
  readonly label: string;
  /** Longer words for the header's tooltip. */
  readonly title: string;
  readonly align: "left" | "right";
  readonly valueOf: (row: CheckpointRow) => SortValue;
  /** Null where a group has no such value. */
  readonly valueOfGroup: (sum: GroupSum) => SortValue;
  readonly cell: (row: CheckpointRow) => Node | string;
  readonly groupCell: (sum: GroupSum) => Node | string;
}

/** Beside the names. */
export const TENSOR_COLUMNS: readonly TensorColumn[] = [
  textColumn({ id: "kind", label: t("Kind"), title: t("What the tensor holds") }, ({ kind }) => shortKindName(kind)),
  textColumn({ id: "dtype", label: t("Type"), title: t("Type of an element") }, ({ entry }) => entry.dtype),
  {
    ...textColumn(
      { id: "shape", label: t("Shape"), title: t("Extents, row-major; sorts by the number of elements") },
      ({ entry }) => formatShape(entry.shape),
    ),
    valueOf: ({ entry }) => entry.elements,
    valueOfGroup: ({ elements }) => elements,
    groupCell: ({ tensors }) => t("{0} tensors", formatCount(tensors)),
  },
  {
    id: "elements",
    label: t("Elements"),
    title: t("Number of elements"),
    align: "right",
    valueOf: ({ entry }) => entry.elements,
    valueOfGroup: ({ elements }) => elements,
    cell: ({ entry }) => formatCount(entry.elements),
    groupCell: ({ elements }) => formatCount(elements),
  },
  normColumn(
    { id: "l2", label: t("L2 norm"), title: t("Square root of the sum of squares; of a group over all its tensors") },
    ({ l2 }) => l2,
    ({ squared }) => globalNorm([asSquaredNorm(squared)]),
  ),
  normColumn(
    { id: "rms", label: "RMS", title: t("L2 norm / √elements: comparable across sizes") },
    (norms) => norms.rms,
    ({ squared, measuredElements }) => rms(globalNorm([asSquaredNorm(squared)]), measuredElements),
  ),
  normColumn(
    { id: "linf", label: t("Max |x|"), title: t("Largest absolute value") },
    ({ linf }) => linf,
    ({ linf }) => linf,
  ),
  {
    id: "nonFinite",
    label: "NaN/Inf",
    title: t("Elements that are NaN or infinite, and the row-major index of the first"),
    align: "right",
    valueOf: ({ norms }) => (norms === undefined ? null : nonFiniteCount(norms)),
    valueOfGroup: ({ nonFinite, waiting }) => (waiting > 0 ? null : nonFinite),
    cell: ({ norms, why }) => (norms === undefined ? (why === undefined ? "" : "–") : formatNonFinite(norms)),
    groupCell: ({ nonFinite, waiting }) => (nonFinite > 0 ? formatCount(nonFinite) : waiting > 0 ? "" : "–"),
  },
];

interface Head {
  readonly id: string;
  readonly label: string;
  readonly title: string;
}

function textColumn(head: Head, textOf: (row: CheckpointRow) => string): TensorColumn {
  return { ...head, align: "left", valueOf: textOf, valueOfGroup: () => null, cell: textOf, groupCell: () => "" };
}

/** A number that is there once the norms are computed; a waiting cell stays quiet. */
function normColumn(
  head: Head,
  pick: (norms: NonNullable<CheckpointRow["norms"]>) => number,
  pickOfGroup: (sum: GroupSum) => number,
): TensorColumn {
  return {
    ...head,
    align: "right",
    valueOf: ({ norms }) => (norms === undefined ? null : pick(norms)),
    valueOfGroup: (sum) => (isWhole(sum) ? pickOfGroup(sum) : null),
    cell: ({ norms, why }) => (norms === undefined ? missing(why) : formatValue(pick(norms))),
    groupCell: (sum) => (isWhole(sum) ? ofGroup(sum, pickOfGroup(sum)) : missing(undefined)),
  };
}

/** A part of a sum would look like a small norm. */
function isWhole({ waiting, unread, tensors }: GroupSum): boolean {
  return waiting === 0 && unread < tensors;
}

function ofGroup({ unread, tensors }: GroupSum, value: number): Node | string {
  if (unread === 0) {
    return formatValue(value);
  }
  const title = t("{0} of {1} tensors are not read and not in it.", formatCount(unread), formatCount(tensors));
  return element("span", { text: `≥ ${formatValue(value)}`, attributes: { title } });
}

function formatValue(value: number): string {
  return Number.isFinite(value) ? formatNumber(value) : `✕ ${formatNumber(value)}`;
}

/** Not measured yet, or for good. */
function missing(why: string | undefined): HTMLElement {
  const [text, label] = why === undefined ? ["…", t("not measured yet")] : ["–", t("not read: {0}", why)];
  return element("span", { class: "quiet-text", text, attributes: { role: "img", "aria-label": label, title: label } });
}
