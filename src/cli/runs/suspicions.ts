import { compareRuns } from "#analysis/consistency/betweenRuns.ts";
import { globalCurve } from "#analysis/consistency/ofRun.ts";
import type { Suspicion } from "#analysis/consistency/suspicion.ts";
import type { Run } from "#store/run.ts";

export interface SuspiciousPair extends Suspicion {
  /** Ids of the two runs. */
  readonly runs: readonly [string, string];
}

// Every run is compared with every other one.
const MOST_RUNS = 16;

/** Of each two runs, whether their norms differ by a factor that an artefact makes. */
export function suspiciousPairs(runs: readonly Run[]): readonly SuspiciousPair[] {
  const named = runs.slice(0, MOST_RUNS).flatMap((run) => {
    const curve = globalCurve(run);
    return curve === undefined ? [] : [{ name: run.id, ...curve }];
  });
  return named.flatMap((a, index) =>
    named.slice(index + 1).flatMap((b) => {
      const found = compareRuns(a, b);
      return found === undefined ? [] : [{ runs: [a.name, b.name] as const, ...found }];
    }),
  );
}
