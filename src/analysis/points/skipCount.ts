import type { LogContext } from "./logContext.ts";

/** Counts, from what a log says beside its norms, the steps that fp16 loss scaling gave up since the last point. */
export interface SkipCount {
  /** Steps are given in the order of the log. Counts are running totals in some logs, numbers since the last line in others. */
  readonly push: (log: LogContext, step: number) => number;
}

export function createSkipCount(): SkipCount {
  const skipped = createRise();
  const broken = createRise();
  let scale: number | undefined;
  return {
    push({ lossScaleAt, skippedStepsAt, nanStepsAt }, step) {
      const lossScale = lossScaleAt?.(step);
      const halvings = halvingsBetween(scale, lossScale);
      scale = lossScale ?? scale;
      return Math.max(halvings, skipped.push(skippedStepsAt?.(step)), broken.push(nanStepsAt?.(step)));
    },
  };
}

/** A loss scale is halved for each step that overflows. Other falls are no overflows: one that is set anew, or fp8's. */
function halvingsBetween(before: number | undefined, after: number | undefined): number {
  if (before === undefined || after === undefined || !(after > 0) || !(before > after)) {
    return 0;
  }
  const halvings = Math.log2(before / after);
  return Number.isInteger(halvings) ? halvings : 0;
}

/**
 * How much a count rose. A running total and a number per line look alike; a number that stays the same is taken for a
 * total, so of a number per line the second of two equal ones is missed, and nothing is ever counted twice.
 */
function createRise(): { readonly push: (count: number | undefined) => number } {
  let last = 0;
  return {
    push(count) {
      if (count === undefined || !(count >= 0)) {
        return 0;
      }
      const rise = Math.max(0, count - last);
      last = count;
      return rise;
    },
  };
}
