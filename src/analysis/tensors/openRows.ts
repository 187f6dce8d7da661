import type { TensorRow } from "./tensorRow.ts";
import { addSample, newRow, transposed } from "./transpose.ts";
import type { GrowingRow, TensorColumns } from "./transpose.ts";

/** Makes rows of columns. The newest row stays open, and those with fewer tensors than usual, since more may come. */
export interface OpenRows {
  /** False when a sample belongs to a row that is closed: then the rows must be made anew from all samples. */
  readonly add: (columns: readonly TensorColumns[]) => boolean;
  /** Rows that may still change, ascending. */
  readonly open: () => readonly TensorRow[];
}

// Rows that wait for tensors, for logs that are read in turn and for writers that put a step's norms down one by one.
const MOST_OPEN = 16;

export function createOpenRows(close: (row: TensorRow) => void): OpenRows {
  const rows: GrowingRow[] = [];
  let closedUntil = -Infinity;
  let usualTensors = 0;

  function rowAt(step: number): GrowingRow {
    const index = rows.findLastIndex((row) => row.step <= step);
    const found = rows[index];
    if (found?.step === step) {
      return found;
    }
    const row = newRow(step);
    rows.splice(index + 1, 0, row);
    return row;
  }

  function take(part: GrowingRow): void {
    const row = rowAt(part.step);
    if (row.tensors.length === 0) {
      Object.assign(row, part);
    } else {
      part.tensors.forEach((tensor, index) => addSample(row, tensor, part.norms[index], part.lines[index]));
    }
    for (let [oldest] = rows; oldest !== undefined && isOver(oldest); [oldest] = rows) {
      rows.shift();
      closedUntil = oldest.step;
      usualTensors = oldest.tensors.length;
      close(settled(oldest));
    }
  }

  const isOver = ({ tensors }: GrowingRow): boolean =>
    rows.length > MOST_OPEN || (rows.length > 1 && tensors.length >= usualTensors);

  return {
    add(columns) {
      for (const parts of transposed(columns)) {
        for (const part of parts) {
          if (part.step <= closedUntil) {
            return false;
          }
          take(part);
        }
      }
      return true;
    },
    open: () => rows.map(settled),
  };
}

/** In the roster's order; of a tensor logged twice the last. */
function settled(row: GrowingRow): TensorRow {
  if (row.tensors.every((tensor, index) => index === 0 || tensor > (row.tensors[index - 1] ?? -1))) {
    return row;
  }
  const latest = new Map(row.tensors.map((tensor, index) => [tensor, index]));
  const order = [...latest.keys()].toSorted((a, b) => a - b).map((tensor) => latest.get(tensor) ?? 0);
  const inOrder = (column: readonly number[]): number[] => order.map((index) => column[index] ?? Number.NaN);
  return { step: row.step, tensors: inOrder(row.tensors), norms: inOrder(row.norms), lines: inOrder(row.lines) };
}
