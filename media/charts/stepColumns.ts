import { lowerBound } from "./column.ts";
import type { Points } from "./segments.ts";
import type { StepRange } from "./viewport.ts";

/** A line of a chart as a column of a table: what it is called, and its values by step. */
export interface StepColumn {
  readonly name: string;
  readonly points: Points;
}

/** Every step in the range at which any of the columns has a value, ascending. */
export function stepsIn(columns: readonly StepColumn[], { min, max }: StepRange): Float64Array {
  const parts = columns.map(({ points: { steps } }) => {
    const end = lowerBound(steps, max);
    return steps.subarray(lowerBound(steps, min), steps[end] === max ? end + 1 : end);
  });
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const part of parts) {
    all.set(part, filled);
    filled += part.length;
  }
  return parts.length === 1 ? all : all.toSorted().filter((step, index, sorted) => step !== sorted[index - 1]);
}

/** The value at exactly this step; undefined where the column has none. */
export function valueAt({ points: { steps, values } }: StepColumn, step: number): number | undefined {
  const index = lowerBound(steps, step);
  return steps[index] === step ? values[index] : undefined;
}
