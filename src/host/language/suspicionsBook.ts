import { checkRun } from "#analysis/consistency/ofRun.ts";
import type { Suspicion } from "#analysis/consistency/suspicion.ts";
import type { Run } from "#store/run.ts";

// Every norm is compared with those beside it: of more samples, or global norms, that takes longer than an editor may
// stand still.
const MOST_SAMPLES = 1_000_000;
const MOST_NORMS = 100_000;
// A few more samples change no suspicion.
const ASK_AGAIN = 1.2;
const WAIT_MS = 1000;

/** Reasons to doubt a run's logged norms, found a moment after somebody asked. */
export interface SuspicionsBook {
  /** Those found so far. */
  readonly of: (run: Run) => readonly Suspicion[];
  readonly dispose: () => void;
}

interface Page {
  readonly samples: number;
  readonly suspicions: readonly Suspicion[];
}

export function createSuspicionsBook(): SuspicionsBook {
  const pages = new WeakMap<Run, Page>();
  const timers = new Map<Run, NodeJS.Timeout>();

  function look(run: Run, samples: number): void {
    timers.delete(run);
    pages.set(run, { samples, suspicions: checkRun(run) });
  }

  return {
    of(run) {
      const page = pages.get(run);
      const samples = run.series().reduce((sum, series) => sum + series.count(), 0);
      const isOld = page === undefined || samples > ASK_AGAIN * page.samples || samples < page.samples;
      const isShort = samples <= MOST_SAMPLES && (run.first("globalNorm")?.count() ?? 0) <= MOST_NORMS;
      if (isOld && isShort && !timers.has(run)) {
        timers.set(
          run,
          setTimeout(() => look(run, samples), WAIT_MS),
        );
      }
      return page?.suspicions ?? [];
    },
    dispose: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}
