import type { Numbers } from "#core/numbers.ts";
import type { StepWindow } from "./bucket.ts";
import type { IndexRange } from "./pyramid.ts";

/** Indexes of the steps that are smaller than the one before. */
export function restarts(before: number, steps: Numbers): number[] {
  const found: number[] = [];
  let previous = before;
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] ?? Number.NaN;
    if (step < previous) {
      found.push(index);
    }
    previous = step;
  }
  return found;
}

/** Index of the last sample at a step from `from` on, -1 when there is none. In a segment steps never go back. */
export function lastIndexOf(
  steps: Numbers,
  step: number,
  { starts, from }: { readonly starts: readonly number[]; readonly from: number },
): number {
  let end = steps.length;
  for (let segment = starts.length - 1; segment >= 0 && end > from; segment -= 1) {
    const start = Math.max(from, starts[segment] ?? 0);
    const index = firstIndex(steps, { from: start, to: end }, (at) => at > step) - 1;
    if (index >= start && steps[index] === step) {
      return index;
    }
    end = start;
  }
  return -1;
}

/** What counts in a window of steps, ascending: a later segment replaces the earlier ones from its first step on. */
export function currentRanges(steps: Numbers, starts: readonly number[], window: StepWindow): IndexRange[] {
  const ranges: IndexRange[] = [];
  let { until } = window;
  let to = steps.length;
  for (let segment = starts.length - 1; segment >= 0 && until > window.from; segment -= 1) {
    const start = starts[segment] ?? 0;
    const limit = until;
    const range = {
      from: firstIndex(steps, { from: start, to }, (step) => step >= window.from),
      to: firstIndex(steps, { from: start, to }, (step) => step >= limit),
    };
    if (range.from < range.to) {
      ranges.push(range);
    }
    until = Math.min(until, steps[start] ?? Infinity);
    to = start;
  }
  return ranges.toReversed();
}

/** The first index of ascending steps that are beyond a limit; the range's end when none is. */
function firstIndex(steps: Numbers, { from, to }: IndexRange, isBeyond: (step: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isBeyond(steps[middle] ?? Infinity)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
