import type { Run } from "#store/run.ts";
import type { Unreadable } from "./loadRuns.ts";

/** Why there is nothing to show of a run. */
export interface EmptyRun {
  readonly why: Unreadable;
  /** It may just have begun; otherwise there is nothing to wait for. */
  readonly mayGrow: boolean;
}

/** Undefined where a run has a series. */
export function describeEmpty(run: Run): EmptyRun | undefined {
  if (run.series().length > 0) {
    return undefined;
  }
  const logs = run.logs().filter(({ format }) => format !== "settingsFile");
  const bad = logs.find(({ problems }) => problems.length > 0);
  if (bad !== undefined) {
    return lost(bad.path, `no value could be read here (${bad.format}); --pattern can say how its lines look.`);
  }
  const [first] = logs;
  if (first === undefined) {
    return lost(
      run.logs()[0]?.path ?? run.id,
      "these are settings, not a log. Give the log, or the folder of the run.",
    );
  }
  const reason = `no step is logged here yet (${first.format}). If the training goes on, ask again later, or follow it with gradlens watch.`;
  return { ...lost(first.path, reason), mayGrow: true };
}

function lost(path: string, reason: string): EmptyRun {
  return { why: { path, reason: `${path}: ${reason}` }, mayGrow: false };
}
