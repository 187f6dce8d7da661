import type { Finding } from "#core/finding.ts";
import type { SeriesKind } from "#core/series.ts";
import type { CheckpointMark } from "#protocol/checkpointMark.ts";
import type { ChartSeries, DashboardRun } from "#protocol/dashboard.ts";
import { describeMark } from "../checkpoint/checkpointMarks.ts";
import { describeFurtherNorms } from "./furtherNorms.ts";
import { describeTensors } from "./tensorRows.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";

const CHARTED: readonly ChartSeries["role"][] = [
  "globalNorm",
  "loss",
  "learningRate",
  "lossScale",
  "skippedSteps",
] satisfies SeriesKind[];
// A million points are sent as they are, so that one can zoom in to each; a longer series as what these columns need.
const MAX_COLUMNS = 262_144;

/** What the dashboard already has of each charted series, by name. */
export type Sent = ReadonlyMap<string, { readonly series: SourcedSeries; readonly count: number }>;

/** How a run and its files are called for people. */
export interface Names {
  readonly ofRun: (folder: string) => string;
  readonly ofFile: (path: string) => string;
}

export function describeRun(run: Run, names: Names, findings: readonly Finding[]): DashboardRun {
  const axis = (run.first("globalNorm") ?? run.series()[0])?.key.axis;
  return {
    id: run.id,
    name: names.ofRun(run.id),
    source: names.ofFile(run.first("globalNorm")?.path ?? run.logs()[0]?.path ?? run.id),
    ...(axis !== undefined && { axis }),
    clipThreshold: run.clipThreshold(),
    series: newSamples(run, new Map()),
    furtherNorms: describeFurtherNorms(run),
    findings: [...findings],
    checkpoints: describeCheckpoints(run),
    tensors: describeTensors(run),
  };
}

export function describeCheckpoints(run: Run): CheckpointMark[] {
  return run.checkpoints().map((file) => describeMark(file, run.summaries.get(file.path)));
}

/** Samples of the charted series that were not sent yet; copies, since a column may move when it grows. */
export function newSamples(run: Run, sent: Sent): ChartSeries[] {
  return chartedSeries(run).flatMap(({ role, series }) => {
    const from = sent.get(series.key.name)?.count ?? 0;
    if (from >= series.count()) {
      return [];
    }
    const { steps, values } = from === 0 ? series.thinned(MAX_COLUMNS) : series.since(from);
    return [{ role, name: series.key.name, steps: Float64Array.from(steps), values: Float64Array.from(values) }];
  });
}

export function countSamples(run: Run): Sent {
  return new Map(chartedSeries(run).map(({ series }) => [series.key.name, { series, count: series.count() }]));
}

/** Whether every series that was sent is still shown, and goes on where it was. */
export function canAppend(run: Run, sent: Sent): boolean {
  const charted = new Set(chartedSeries(run).map(({ series }) => series));
  return [...sent.values()].every(({ series, count }) => charted.has(series) && count >= series.coarsened());
}

function chartedSeries(run: Run): { readonly role: ChartSeries["role"]; readonly series: SourcedSeries }[] {
  return CHARTED.flatMap((role) => {
    const series = run.first(role);
    return series === undefined ? [] : [{ role, series }];
  });
}
