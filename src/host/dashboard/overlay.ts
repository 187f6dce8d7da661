import type { FromTimeline, Overlay } from "#protocol/dashboard/timeline.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";
import { furtherNorms } from "./furtherNorms.ts";

// Enough for every screen; of a longer run the page gets what a picture of it needs.
const MOST_COLUMNS = 50_000;
// Of the run that is looked at one can zoom in further.
const MOST_COLUMNS_OF_NORM = 262_144;

const tokens = new WeakMap<SourcedSeries, number>();
let nextToken = 1;

/** What the page does not have yet of a run's global norm, or of a further one; undefined when there is none. */
export function describeOverlay(
  run: Run | undefined,
  { norm, ...have }: Extract<FromTimeline, { kind: "overlay" }>,
): Overlay | undefined {
  const series = run && (norm === undefined ? run.first("globalNorm") : furtherNorms(run).get(norm));
  if (run === undefined || series === undefined) {
    return undefined;
  }
  const token = tokenOf(series);
  const sent = series.count();
  const goesOn = have.token === token && have.sent <= sent && have.sent >= series.coarsened() && have.sent > 0;
  const { steps, values } = goesOn
    ? series.since(have.sent)
    : series.thinned(norm === undefined ? MOST_COLUMNS : MOST_COLUMNS_OF_NORM);
  const columns = { steps: Float64Array.from(steps), values: Float64Array.from(values) };
  return {
    kind: "overlay",
    runId: run.id,
    ...(norm !== undefined && { norm }),
    token,
    sent,
    isWhole: !goesOn,
    ...columns,
  };
}

function tokenOf(series: SourcedSeries): number {
  const token = tokens.get(series) ?? nextToken++;
  tokens.set(series, token);
  return token;
}
