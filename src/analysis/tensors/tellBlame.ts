import { describeBlame } from "./blame.ts";

/** What is asked of a run to say which tensors made a step's norm. */
export interface BlameSources {
  /** Steps of the global norm in the order of the log. */
  readonly steps: () => ArrayLike<number>;
  /** Norms of the single tensors at a step; empty where the log has none. */
  readonly tensorNormsAt: (step: number) => ReadonlyMap<string, number>;
}

/** Rows that a tensor's usual share is the median of. */
const ROWS_BEFORE = 20;
// The norms of a step's tensors may come after its global norm, but hardly later than this.
const ROWS_AFTER = 16;

/**
 * Tells of a sample of the global norm which tensors made it. Thousands of tensors are asked once, when their norms
 * must have arrived, and the answer is kept.
 */
export function createBlameTeller({ steps, tensorNormsAt }: BlameSources): (step: number, line: number) => string {
  const told = new Map<string, string>();
  return (step, line) => {
    const key = `${step}:${line}`;
    const known = told.get(key);
    if (known !== undefined) {
      return known;
    }
    const norms = tensorNormsAt(step);
    const text = norms.size === 0 ? "" : describeBlame(norms, stepsBefore(steps(), step).map(tensorNormsAt));
    if (isLongPast(steps(), step)) {
      told.set(key, text);
    }
    return text;
  };
}

/** As many of the steps before one as are needed, newest first. */
function stepsBefore(steps: ArrayLike<number>, step: number): readonly number[] {
  const before: number[] = [];
  let lowest = step;
  for (let index = steps.length - 1; index >= 0 && before.length < ROWS_BEFORE; index -= 1) {
    const other = steps[index] ?? Number.NaN;
    if (other < lowest) {
      before.push(other);
      lowest = other;
    }
  }
  return before;
}

/** Enough rows came after a step; seen from the end, so that it costs nothing however long the log is. */
function isLongPast(steps: ArrayLike<number>, step: number): boolean {
  let after = 0;
  for (let index = steps.length - 1; index >= 0 && after < ROWS_AFTER; index -= 1) {
    const other = steps[index] ?? Number.NaN;
    if (other < step) {
      return false;
    }
    after += other > step ? 1 : 0;
  }
  return after >= ROWS_AFTER;
}
