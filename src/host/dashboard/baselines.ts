import { createBaselineTrace } from "#analysis/baselineTrace.ts";
import type { BaselinePicture, BaselineTrace } from "#analysis/baselineTrace.ts";
import { judge } from "#analysis/judge.ts";
import { contextOf } from "#analysis/points/logContext.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";

interface Traced {
  readonly trace: BaselineTrace;
  points: number;
}

const traces = new WeakMap<SourcedSeries, Traced>();

/** The baseline of a run's global norm, worked out as far as the log is read; undefined when it logs none. */
export function baselineOf(run: Run): BaselinePicture | undefined {
  const series = run.first("globalNorm");
  if (series === undefined) {
    return undefined;
  }
  const traced = traces.get(series) ?? { trace: createBaselineTrace(), points: 0 };
  traces.set(series, traced);
  const context = contextOf(run, series.key);
  judge(traced.trace, series.since(traced.points), { ...context, from: 0, resolution: series.resolution() });
  traced.points = series.count();
  return traced.trace.picture();
}
