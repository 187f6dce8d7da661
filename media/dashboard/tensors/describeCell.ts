import { hasMark } from "#core/cellMarks.ts";
import type { CellMark } from "#core/cellMarks.ts";
import { formatNumber } from "#core/format.ts";
import type { LayerGrid } from "#protocol/dashboard/tensors.ts";
import type { CellRow } from "./cellRows.ts";
import { columnAround } from "./place.ts";
import type { ShownRow } from "./rows.ts";

/** A cell in words: `h.1.attn.weight, steps 200–239: 10.58 (max of 40 steps), NaN among them`. */
export function describeCell(row: ShownRow, cells: CellRow | undefined, step: number): string {
  const name = row.kind === "group" ? `${row.label}, together` : row.name;
  if (cells === undefined) {
    return `${name}: still being read`;
  }
  const cell = Math.floor((step - cells.grid.from) / cells.grid.width);
  return `${name}, ${describeColumn(cells.grid, step)}: ${describeNorm(cells, cell)}`;
}

export function describeColumn(grid: LayerGrid, step: number): string {
  const { min, max } = columnAround(grid, step);
  const [first, last] = [Math.ceil(min), Math.ceil(max) - 1];
  if (last <= first) {
    return `step ${formatStep(last === first ? first : (min + max) / 2)}`;
  }
  return `steps ${formatStep(first)}–${formatStep(last)}`;
}

/** Without the name and the steps: `10.58 (max of 40 steps), NaN among them`. */
export function describeNorm(cells: CellRow, cell: number): string {
  const count = cells.steps[cell] ?? 0;
  const isNorm = !Number.isNaN(cells.most[cell]);
  const [norm = "", ...others] = describeValue(cells, cell).split(", ");
  const many = count > 1 ? ` (${isNorm ? "max of " : ""}${count} steps)` : "";
  return [`${norm}${many}`, ...others].join(", ");
}

/** The largest norm and what else is in a cell. What was not measured, zero and NaN read differently. */
export function describeValue({ most, marks, steps }: CellRow, cell: number): string {
  const [norm = Number.NaN, found = 0, count = 0] = [most[cell], marks[cell], steps[cell]];
  if (count === 0) {
    return "not measured";
  }
  const others = MARK_WORDS.filter(([mark]) => hasMark(found, mark)).map(([, word]) => word);
  const bound = hasMark(found, "partial") ? ", not all tensors measured" : "";
  if (Number.isNaN(norm)) {
    return `${others.join(" and ")}${bound}`;
  }
  const among = others.length > 0 ? `, ${others.join(" and ")} among them` : "";
  return `${formatNumber(10 ** norm)}${among}${bound}`;
}

const MARK_WORDS: readonly (readonly [CellMark, string])[] = [
  ["nan", "NaN"],
  ["infinite", "Inf"],
  ["zero", "zero"],
  ["negative", "a placeholder below zero"],
];

function formatStep(step: number): string {
  return String(Number(step.toFixed(3)));
}
