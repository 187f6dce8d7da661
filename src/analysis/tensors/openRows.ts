import type { TensorRow } from "./tensorRow.ts";

/** Samples of one tensor in the order of their steps, as columns of equal length. */
export interface TensorColumns {
  /** Its number in the roster. */
  readonly tensor: number;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly lines: ArrayLike<number>;
}

/** Makes rows of columns. The newest row stays open, and those with fewer tensors than usual, since more may come. */
export interface OpenRows {
  /** False when a sample belongs to a row that is closed: then the rows must be made anew from all samples. */
  readonly add: (columns: readonly TensorColumns[]) => boolean;
  /** Rows that may still change, ascending. */
  readonly open: () => readonly TensorRow[];
}

// Rows that wait for tensors, for logs that are read in turn and for writers that put a step's norms down one by one.
const MOST_OPEN = 16;

interface OpenRow {
  readonly step: number;
  readonly tensors: number[];
  readonly norms: number[];
  readonly lines: number[];
}

export function createOpenRows(close: (row: TensorRow) => void): OpenRows {
  const rows: OpenRow[] = [];
  let closedUntil = -Infinity;
  let usualTensors = 0;

  function rowAt(step: number): OpenRow {
    const index = rows.findLastIndex((row) => row.step <= step);
    const found = rows[index];
    if (found?.step === step) {
      return found;
    }
    const row: OpenRow = { step, tensors: [], norms: [], lines: [] };
    rows.splice(index + 1, 0, row);
    return row;
  }

  function closeOldest(): void {
    for (let [oldest] = rows; oldest !== undefined && isOver(oldest); [oldest] = rows) {
      rows.shift();
      closedUntil = oldest.step;
      usualTensors = oldest.tensors.length;
      close(settled(oldest));
    }
  }

  const isOver = ({ tensors }: OpenRow): boolean =>
    rows.length > MOST_OPEN || (rows.length > 1 && tensors.length >= usualTensors);

  return {
    add(columns) {
      const queue = createStepQueue(columns);
      for (let step = queue.nextStep(); step !== undefined; step = queue.nextStep()) {
        if (step <= closedUntil) {
          return false;
        }
        queue.takeInto(rowAt(step));
        closeOldest();
      }
      return true;
    },
    open: () => rows.map(settled),
  };
}

interface StepQueue {
  readonly nextStep: () => number | undefined;
  /** Moves all samples of the next step into a row. */
  readonly takeInto: (row: OpenRow) => void;
}

/** Gives the samples of all columns step by step; a step that is logged in all of them costs no more than its samples. */
function createStepQueue(columns: readonly TensorColumns[]): StepQueue {
  const positions = new Uint32Array(columns.length);
  const waiting = new Map<number, number[]>();
  const steps: number[] = []; // Descending, so that the next one is cheap to take.

  function enqueue(index: number): void {
    const step = columns[index]?.steps[positions[index] ?? 0];
    if (step === undefined) {
      return;
    }
    const there = waiting.get(step);
    if (there !== undefined) {
      there.push(index);
      return;
    }
    waiting.set(step, [index]);
    steps.splice(steps.findLastIndex((one) => one > step) + 1, 0, step);
  }

  columns.forEach((_, index) => enqueue(index));
  return {
    nextStep: () => steps.at(-1),
    takeInto(row) {
      const indexes = waiting.get(row.step) ?? [];
      waiting.delete(row.step);
      steps.pop();
      for (const index of indexes) {
        takeSample(row, columns[index], positions[index] ?? 0);
        positions[index] = (positions[index] ?? 0) + 1;
        enqueue(index);
      }
    },
  };
}

function takeSample(row: OpenRow, column: TensorColumns | undefined, at: number): void {
  const value = column?.values[at];
  if (column !== undefined && value !== undefined) {
    row.tensors.push(column.tensor);
    row.norms.push(value);
    row.lines.push(column.lines[at] ?? 0);
  }
}

/** In the roster's order; of a tensor logged twice the last. */
function settled(row: OpenRow): TensorRow {
  if (row.tensors.every((tensor, index) => index === 0 || tensor > (row.tensors[index - 1] ?? -1))) {
    return row;
  }
  const latest = new Map(row.tensors.map((tensor, index) => [tensor, index]));
  const order = [...latest.keys()].toSorted((a, b) => a - b).map((tensor) => latest.get(tensor) ?? 0);
  const inOrder = (column: readonly number[]): number[] => order.map((index) => column[index] ?? Number.NaN);
  return { step: row.step, tensors: inOrder(row.tensors), norms: inOrder(row.norms), lines: inOrder(row.lines) };
}
