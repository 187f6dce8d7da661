import type { Axis } from "#core/series.ts";
import { stepName, stepRange } from "#l10n/stepName.ts";
import { hasMark } from "#core/cellMarks.ts";
import type { CellMark } from "#core/cellMarks.ts";
import { formatNumber } from "#core/format.ts";
import type { LayerGrid } from "#protocol/dashboard/tensors.ts";
import { t } from "@vscode/l10n";
import type { CellRow } from "./cellRows.ts";
import { columnAround } from "./place.ts";
import type { ShownRow } from "./rows.ts";

export interface CellPlace {
  readonly step: number;
  /** What it counts, when it is not optimizer steps. */
  readonly axis: Axis | undefined;
}

/** A cell in words: `h.1.attn.weight, steps 200–239: 10.58 (max of 40 steps), NaN among them`. */
export function describeCell(row: ShownRow, cells: CellRow | undefined, { step, axis }: CellPlace): string {
  const name = row.kind === "group" ? t("{0}, together", row.label) : row.name;
  if (cells === undefined) {
    return t("{0}: still being read", name);
  }
  const cell = Math.floor((step - cells.grid.from) / cells.grid.width);
  return `${name}, ${describeColumn(cells.grid, step, axis)}: ${describeNorm(cells, cell)}`;
}

export function describeColumn(grid: LayerGrid, step: number, axis: Axis | undefined): string {
  const { min, max } = columnAround(grid, step);
  const [first, last] = [Math.ceil(min), Math.ceil(max) - 1];
  if (last <= first) {
    return stepName(formatStep(last === first ? first : (min + max) / 2), axis);
  }
  return stepRange(formatStep(first), formatStep(last), axis);
}

/** Without the name and the steps: `10.58 (max of 40 steps), NaN among them`. */
export function describeNorm(cells: CellRow, cell: number): string {
  const count = cells.steps[cell] ?? 0;
  const norm = cells.most[cell] ?? Number.NaN;
  if (count <= 1) {
    return describeValue(cells, cell);
  }
  return Number.isNaN(norm)
    ? describeFound(cells, cell, (first) => t("{0} ({1} steps)", first, count))
    : describeFound(cells, cell, (first) => t("{0} (max of {1} steps)", first, count));
}

/** The largest norm and what else is in a cell. What was not measured, zero and NaN read differently. */
export function describeValue(cells: CellRow, cell: number): string {
  return describeFound(cells, cell, (first) => first);
}

/** `first` is the norm, or what is there in its place; more may be said of it. */
function describeFound({ most, marks, steps }: CellRow, cell: number, say: (first: string) => string): string {
  const [norm = Number.NaN, found = 0, count = 0] = [most[cell], marks[cell], steps[cell]];
  if (count === 0) {
    return t("not measured");
  }
  const others = MARK_WORDS.filter(([mark]) => hasMark(found, mark)).map(([, word]) => word);
  const both = others.reduce((all, one) => (all === "" ? one : t("{0} and {1}", all, one)), "");
  const isNorm = !Number.isNaN(norm);
  return [
    say(isNorm ? formatNumber(10 ** norm) : both),
    isNorm && others.length > 0 ? t("{0} among them", both) : "",
    hasMark(found, "partial") ? t("not all tensors measured") : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

const MARK_WORDS: readonly (readonly [CellMark, string])[] = [
  ["nan", "NaN"],
  ["infinite", "Inf"],
  ["zero", t("zero")],
  ["negative", t("a placeholder below zero")],
];

function formatStep(step: number): string {
  return String(Number(step.toFixed(3)));
}
