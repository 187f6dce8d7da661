import { CELL_MARKS } from "#core/cellMarks.ts";
import type { Numbers } from "#core/numbers.ts";
import { fillRow } from "./cells.ts";
import type { Cells } from "./cells.ts";
import type { CountedSamples } from "./samples.ts";
import { columnOf } from "./stepGrid.ts";
import type { StepGrid } from "./stepGrid.ts";

/** Sums over several tensors at each step that one of them was measured at, as columns of equal length. */
export interface SquareSums {
  readonly steps: Float64Array;
  /** Sum of the squared norms; not finite when one of them is not. */
  readonly squares: Float64Array;
  /** How many of the tensors were measured. */
  readonly measured: Uint32Array;
  /** Of each tensor, whether its samples are at exactly these steps, one each: then they have the same indexes. */
  readonly isAligned: readonly boolean[];
}

/** A norm below zero is a placeholder: not measured. Of a step that was logged twice the last norm counts. */
export function sumSquares(tensors: readonly CountedSamples[]): SquareSums {
  const steps = allSteps(tensors);
  const isAligned = tensors.map((tensor) => isSame(steps, tensor.steps));
  const sums = { steps, squares: new Float64Array(steps.length), measured: new Uint32Array(steps.length), isAligned };
  tensors.forEach((tensor, index) => {
    if (isAligned[index] === true) {
      addAligned(sums, tensor.values);
    } else {
      addPlaced(sums, tensor);
    }
  });
  return sums;
}

function addAligned({ squares, measured }: SquareSums, values: Numbers): void {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (!isPlaceholder(value)) {
      squares[index] = (squares[index] ?? 0) + value * value;
      measured[index] = (measured[index] ?? 0) + 1;
    }
  }
}

function addPlaced({ steps, squares, measured }: SquareSums, tensor: CountedSamples): void {
  let place = 0;
  for (let index = 0; index < tensor.steps.length; index += 1) {
    const step = tensor.steps[index] ?? Number.NaN;
    const value = tensor.values[index] ?? Number.NaN;
    if (step !== tensor.steps[index + 1] && !isPlaceholder(value)) {
      place = advance(steps, place, step);
      squares[place] = (squares[place] ?? 0) + value * value;
      measured[place] = (measured[place] ?? 0) + 1;
    }
  }
}

/** The row of a group: at each step the root of the sum of its tensors' squares, then the largest of a cell. */
export function fillGroupRow(cells: Cells, row: number, tensors: readonly CountedSamples[], grid: StepGrid): void {
  const { steps, squares, measured } = sumSquares(tensors);
  fillRow(cells, row, { steps, values: squares.map(Math.sqrt) }, grid);
  for (let index = 0; index < steps.length; index += 1) {
    const column = columnOf(grid, steps[index] ?? Number.NaN);
    if ((measured[index] ?? 0) < tensors.length && column >= 0 && column < grid.columns) {
      const cell = row * grid.columns + column;
      cells.marks[cell] = (cells.marks[cell] ?? 0) | CELL_MARKS.partial;
    }
  }
}

function isPlaceholder(value: number): boolean {
  return value < 0 && Number.isFinite(value);
}

/** Most tensors of a run have the same steps: then each place is the one after the last. */
function advance(steps: Float64Array, from: number, step: number): number {
  let place = from;
  while ((steps[place] ?? Infinity) < step) {
    place += 1;
  }
  return place;
}

/** Every step that a tensor was measured at, ascending, each once. Most tensors have those of the first. */
function allSteps(tensors: readonly CountedSamples[]): Float64Array {
  let known: Float64Array = new Float64Array();
  for (const { steps, values } of tensors) {
    if (!isSame(known, steps)) {
      known = merge(known, new Float64Array(steps.filter((_, index) => isCounted(steps, values, index))));
    }
  }
  return known;
}

function isCounted(steps: Numbers, values: Numbers, index: number): boolean {
  return steps[index] !== steps[index + 1] && !isPlaceholder(values[index] ?? Number.NaN);
}

function isSame(a: Numbers, b: Numbers): boolean {
  if (a.length !== b.length) {
    return false;
  }
  for (let index = 0; index < a.length; index += 1) {
    if (a[index] !== b[index]) {
      return false;
    }
  }
  return true;
}

function merge(a: Float64Array, b: Float64Array): Float64Array {
  const merged = new Float64Array(a.length + b.length);
  let [fromA, fromB, length] = [0, 0, 0];
  while (fromA < a.length || fromB < b.length) {
    const [stepA, stepB] = [a[fromA] ?? Infinity, b[fromB] ?? Infinity];
    fromA += stepA <= stepB ? 1 : 0;
    fromB += stepB <= stepA ? 1 : 0;
    merged[length] = Math.min(stepA, stepB);
    length += 1;
  }
  return merged.slice(0, length);
}
