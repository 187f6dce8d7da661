import type { SourcedSeries } from "./series.ts";
import { createSeries } from "./columns/logSeries.ts";
import type { Pool } from "./columns/pool.ts";

/** The samples of a series before the first one at a step or beyond it, as a series of their own that does not grow. */
export function startOf(series: SourcedSeries, { until, pool }: { until: number; pool: Pool }): SourcedSeries {
  const start = createSeries(series.key, { path: series.path, pool });
  const end = lengthBefore(series, until);
  const wallTimes = series.wallTimes()?.subarray(0, end);
  const resolution = series.resolution();
  start.append({
    ...series.key,
    steps: Float64Array.from(series.steps().subarray(0, end)),
    values: Float64Array.from(series.values().subarray(0, end)),
    lines: Float64Array.from(series.lines().subarray(0, end)),
    ...(wallTimes && { wallTimes: Float64Array.from(wallTimes) }),
    ...(resolution !== undefined && { resolution }),
  });
  return start;
}

export function lengthBefore(series: SourcedSeries, step: number): number {
  const end = series.steps().findIndex((one) => one >= step);
  return end === -1 ? series.length() : end;
}
