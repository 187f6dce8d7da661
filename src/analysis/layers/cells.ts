import { CELL_MARKS } from "#core/cellMarks.ts";
import type { CountedSamples } from "./samples.ts";
import { columnOf } from "./stepGrid.ts";
import type { StepGrid } from "./stepGrid.ts";

/**
 * Rows of cells, row after row: what remains of all steps in a cell. A cell's norm is the largest in it, so that no spike is
 * lost.
 */
export interface Cells {
  /** log10 of the largest positive finite norm; NaN where there is none. */
  readonly most: Float32Array<ArrayBuffer>;
  /** log10 of the smallest positive finite norm. */
  readonly least: Float32Array<ArrayBuffer>;
  /** Bits of `CELL_MARKS`. */
  readonly marks: Uint8Array<ArrayBuffer>;
  /** How many steps a cell stands for; 0 where nothing was measured. */
  readonly steps: Uint32Array<ArrayBuffer>;
}

export function createCells(count: number): Cells {
  return {
    most: new Float32Array(count).fill(Number.NaN),
    least: new Float32Array(count).fill(Number.NaN),
    marks: new Uint8Array(count),
    steps: new Uint32Array(count),
  };
}

/** Puts samples into the cells of one row. A step that was logged twice counts twice. */
export function fillRow(cells: Cells, row: number, samples: CountedSamples, grid: StepGrid): void {
  const { steps, values } = samples;
  const first = row * grid.columns;
  for (let index = 0; index < steps.length;) {
    const column = columnOf(grid, steps[index] ?? Number.NaN);
    const next = endOfColumn(samples, index, { grid, column });
    if (column >= 0 && column < grid.columns) {
      fillCell(cells, first + column, values.subarray(index, next));
    }
    index = next;
  }
}

function endOfColumn(
  { steps }: CountedSamples,
  from: number,
  { grid, column }: { readonly grid: StepGrid; readonly column: number },
): number {
  let index = from + 1;
  while (index < steps.length && columnOf(grid, steps[index] ?? Number.NaN) === column) {
    index += 1;
  }
  return index;
}

function fillCell({ most, least, marks, steps }: Cells, cell: number, values: ArrayLike<number>): void {
  let [low, high, found] = [Infinity, 0, marks[cell] ?? 0];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (value > 0 && value < Infinity) {
      high = value > high ? value : high;
      low = value < low ? value : low;
    } else {
      found |= markOf(value);
    }
  }
  marks[cell] = found;
  steps[cell] = values.length;
  if (high > 0) {
    most[cell] = Math.log10(high);
    least[cell] = Math.log10(low);
  }
}

/** Of a value that has no logarithm. */
function markOf(value: number): number {
  if (Number.isNaN(value)) {
    return CELL_MARKS.nan;
  }
  if (Number.isFinite(value)) {
    return value === 0 ? CELL_MARKS.zero : CELL_MARKS.negative;
  }
  return CELL_MARKS.infinite;
}
