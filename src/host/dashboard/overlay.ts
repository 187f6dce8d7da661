import type { FromTimeline, Overlay } from "#protocol/dashboard/timeline.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";

// Enough for every screen; of a longer run the page gets what a picture of it needs.
const MOST_COLUMNS = 50_000;

const tokens = new WeakMap<SourcedSeries, number>();
let nextToken = 1;

/** What the page does not have yet of a run's global norm; undefined when there is none. */
export function describeOverlay(
  run: Run | undefined,
  have: Extract<FromTimeline, { kind: "overlay" }>,
): Overlay | undefined {
  const series = run?.first("globalNorm");
  if (run === undefined || series === undefined) {
    return undefined;
  }
  const token = tokenOf(series);
  const sent = series.count();
  const goesOn = have.token === token && have.sent <= sent && have.sent >= series.coarsened() && have.sent > 0;
  const { steps, values } = goesOn ? series.since(have.sent) : series.thinned(MOST_COLUMNS);
  const columns = { steps: Float64Array.from(steps), values: Float64Array.from(values) };
  return { kind: "overlay", runId: run.id, token, sent, isWhole: !goesOn, ...columns };
}

function tokenOf(series: SourcedSeries): number {
  const token = tokens.get(series) ?? nextToken++;
  tokens.set(series, token);
  return token;
}
