import type { TensorRow } from "./tensorRow.ts";

/** Samples of one tensor in the order of their steps, as columns of equal length. */
export interface TensorColumns {
  /** Its number in the roster. */
  readonly tensor: number;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly lines: ArrayLike<number>;
}

/** A row that still takes samples, in any order. */
export interface GrowingRow extends TensorRow {
  readonly tensors: number[];
  readonly norms: number[];
  readonly lines: number[];
}

/** A column is read that far at a time: one sample of each of thousands of columns after the other is slow. */
const BLOCK_SAMPLES = 32;

/** The samples of all columns as rows, ascending by step, a few at a time. */
export function* transposed(columns: readonly TensorColumns[]): Generator<readonly GrowingRow[], void> {
  const positions = new Uint32Array(columns.length);
  for (let until = nextEnd(columns, positions); until < Infinity; until = nextEnd(columns, positions)) {
    const block = createBlock();
    columns.forEach((column, index) => {
      positions[index] = block.take(column, positions[index] ?? 0, until);
    });
    yield block.rows();
  }
}

/** The last step of the next block, so that no column gives more than a block of samples; Infinity at the end. */
function nextEnd(columns: readonly TensorColumns[], positions: Uint32Array): number {
  let end = Infinity;
  columns.forEach(({ steps }, index) => {
    const from = positions[index] ?? 0;
    const last = steps[Math.min(from + BLOCK_SAMPLES, steps.length) - 1] ?? Infinity;
    end = from < steps.length && last < end ? last : end;
  });
  return end;
}

interface Block {
  /** Takes the samples up to a step; returns the position of the first one after it. */
  readonly take: (column: TensorColumns, from: number, until: number) => number;
  readonly rows: () => readonly GrowingRow[];
}

function createBlock(): Block {
  const byStep = new Map<number, GrowingRow>();
  const inOrderOfArrival: GrowingRow[] = [];

  function rowAt(step: number): GrowingRow {
    const row = byStep.get(step) ?? newRow(step);
    if (row.tensors.length === 0) {
      byStep.set(step, row);
      inOrderOfArrival.push(row);
    }
    return row;
  }

  return {
    take({ tensor, steps, values, lines }, from, until) {
      let position = from;
      // Most columns have the same steps: then each row is the one after the last.
      for (let next = 0; position < steps.length; position += 1, next += 1) {
        const step = steps[position] ?? Infinity;
        if (step > until) {
          break;
        }
        const expected = inOrderOfArrival[next];
        addSample(expected?.step === step ? expected : rowAt(step), tensor, values[position], lines[position]);
      }
      return position;
    },
    rows: () => inOrderOfArrival.toSorted((a, b) => a.step - b.step),
  };
}

export function newRow(step: number): GrowingRow {
  return { step, tensors: [], norms: [], lines: [] };
}

export function addSample(row: GrowingRow, tensor: number, norm = Number.NaN, line = 0): void {
  row.tensors.push(tensor);
  row.norms.push(norm);
  row.lines.push(line);
}
