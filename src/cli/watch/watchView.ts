import type { Finding } from "#core/finding.ts";
import type { Run } from "#store/run.ts";

/** Where the state of the runs is shown, again and again. */
export interface WatchView {
  readonly show: (runs: readonly Run[], findingsOf: (run: Run) => readonly Finding[]) => void;
  readonly close: () => void;
}
