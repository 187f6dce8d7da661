import { lowerBound } from "./column.ts";
import type { Points } from "./segments.ts";

/** Steps whose value has no place on a log axis. They are drawn in strips of their own, never dropped. */
export interface OffScale {
  readonly nonFinite: Float64Array;
  readonly zero: Float64Array;
  /** Placeholders some trainers write for a broken norm. */
  readonly negative: Float64Array;
}

export function offScale({ steps, values }: Points): OffScale {
  const nonFinite: number[] = [];
  const zero: number[] = [];
  const negative: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!(value > 0 && value <= Number.MAX_VALUE)) {
      const kind = value === 0 ? zero : Number.isFinite(value) ? negative : nonFinite;
      kind.push(steps[i] ?? Number.NaN);
    }
  }
  return {
    nonFinite: Float64Array.from(nonFinite),
    zero: Float64Array.from(zero),
    negative: Float64Array.from(negative),
  };
}

/** Marks too close to be told apart, drawn as one mark with a bar to the last. */
export interface MarkRun {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** Joins ascending steps in the window that lie closer than `gap` steps to the one before. */
export function markRuns(steps: Float64Array, window: { min: number; max: number; gap: number }): MarkRun[] {
  const runs: { first: number; last: number; count: number }[] = [];
  for (let i = lowerBound(steps, window.min); i < steps.length; i++) {
    const step = steps[i] ?? Number.NaN;
    if (step > window.max) {
      break;
    }
    const run = runs.at(-1);
    if (run === undefined || step - run.last > window.gap) {
      runs.push({ first: step, last: step, count: 1 });
    } else {
      run.last = step;
      run.count += 1;
    }
  }
  return runs;
}
