import { t } from "@vscode/l10n";
import type { GrowingSeries } from "./series.ts";

// Coarsening looks at every sample that is kept, so it makes room for a while.
const TARGET = 0.75;
// What cannot be made smaller may grow by this much before it is tried again.
const PATIENCE = 1.25;
const LEAST_GAIN = 0.95;

/** Keeps the samples of a run within a limit by coarsening the oldest ones of each series. */
export interface Capacity {
  /** To be called after samples were added. */
  readonly add: (samples: number, series: () => readonly GrowingSeries[]) => void;
  /** Samples that were ever added. */
  readonly added: () => number;
  /** For people: that samples were coarsened, once they were. */
  readonly notes: () => readonly string[];
}

export function createCapacity(maxSamples: () => number): Capacity {
  let added = 0;
  let patience = 0;
  let exceeded: number | undefined;

  function fit(series: readonly GrowingSeries[]): void {
    const limit = maxSamples();
    if (countKept(series) <= Math.max(limit, patience)) {
      return;
    }
    shrink(series, TARGET * limit);
    const kept = countKept(series);
    patience = kept > TARGET * limit ? kept * PATIENCE : 0;
    exceeded = limit;
  }

  return {
    add(samples, series) {
      added += samples;
      if (added > maxSamples()) {
        fit(series());
      }
    },
    added: () => added,
    notes: () => (exceeded === undefined ? [] : [describe(exceeded)]),
  };
}

function describe(limit: number): string {
  return t(
    "The logs have more than {0} samples. Of the oldest, only the first, last, smallest and largest of each block and its first NaN, Inf and zero are kept (gradlens.runs.maxSamples).",
    limit.toLocaleString("en"),
  );
}

/** Coarsens what there is more of: samples kept one by one, or coarse ones; the other where that does not help. */
function shrink(series: readonly GrowingSeries[], target: number): void {
  let kept = countKept(series);
  for (let failures = 0; kept > target && failures < 2;) {
    const coarse = series.reduce((sum, one) => sum + coarseLength(one), 0);
    const isMostlyCoarse = coarse > kept / 2;
    const what = isMostlyCoarse === (failures === 0) ? "coarsened" : "olderHalf";
    for (const one of series) {
      one.coarsen(what);
    }
    failures = countKept(series) < LEAST_GAIN * kept ? 0 : failures + 1;
    kept = countKept(series);
  }
}

/** Kept samples that stand for others. */
function coarseLength(series: GrowingSeries): number {
  return series.coarsened() - (series.count() - series.length());
}

function countKept(series: readonly GrowingSeries[]): number {
  return series.reduce((sum, one) => sum + one.length(), 0);
}
