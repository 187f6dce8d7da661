import { rankBySquare } from "#analysis/blame.ts";
import type { Finding } from "#core/finding.ts";
import { medianOfSorted, quantileOfSorted, sortedFinite } from "#core/quantile.ts";
import type { SeriesKind } from "#core/series.ts";
import type { ChartSeries, DashboardRun, TensorRow } from "#protocol/dashboard.ts";
import type { Run, SourcedSeries } from "#store/run.ts";

const CHARTED: readonly ("globalNorm" | "loss" | "learningRate")[] = [
  "globalNorm",
  "loss",
  "learningRate",
] satisfies SeriesKind[];
// Enough for a sparkline as wide as a table cell.
const RECENT_POINTS = 60;

/** How many samples of each charted series the dashboard already has, by name. */
export type Sent = ReadonlyMap<string, number>;

/** How a run and its files are called for people. */
export interface Names {
  readonly ofRun: (folder: string) => string;
  readonly ofFile: (path: string) => string;
}

export function describeRun(run: Run, names: Names, findings: readonly Finding[]): DashboardRun {
  return {
    id: run.id,
    name: names.ofRun(run.id),
    source: names.ofFile(run.first("globalNorm")?.path ?? run.logs()[0]?.path ?? run.id),
    clipThreshold: run.clipThreshold(),
    series: newSamples(run, new Map()),
    ...describeState(run, findings),
  };
}

/** What may change besides the curves. */
export function describeState(
  run: Run,
  findings: readonly Finding[],
): Pick<DashboardRun, "findings" | "checkpoints" | "tensors"> {
  return { findings: [...findings], checkpoints: [...run.checkpoints()], tensors: tensorRows(run) };
}

/** Samples of the charted series that were not sent yet; copies, since a column may move when it grows. */
export function newSamples(run: Run, sent: Sent): ChartSeries[] {
  return chartedSeries(run).flatMap(({ role, series }) => {
    const from = sent.get(series.key.name) ?? 0;
    return from >= series.length()
      ? []
      : [{ role, name: series.key.name, steps: series.steps().slice(from), values: series.values().slice(from) }];
  });
}

export function countSamples(run: Run): Sent {
  return new Map(chartedSeries(run).map(({ series }) => [series.key.name, series.length()]));
}

function chartedSeries(run: Run): { readonly role: ChartSeries["role"]; readonly series: SourcedSeries }[] {
  return CHARTED.flatMap((role) => {
    const series = run.first(role);
    return series === undefined ? [] : [{ role, series }];
  });
}

/** The tensors at the last step, largest part of the squared global norm first. */
function tensorRows(run: Run): TensorRow[] {
  const tensors = run.tensors();
  const lastStep = run.first("globalNorm")?.steps().at(-1) ?? [...tensors.values()][0]?.steps().at(-1);
  const ranked = rankBySquare(lastStep === undefined ? new Map() : run.tensorNormsAt(lastStep));
  const shares = new Map(ranked.map(({ tensor, share }) => [tensor, share]));
  const names = new Set([...ranked.map(({ tensor }) => tensor), ...tensors.keys()]);
  return Array.from(names, (name) =>
    tensorRow(name, tensors.get(name)?.values() ?? new Float64Array(), shares.get(name) ?? null),
  );
}

function tensorRow(name: string, values: Float64Array, share: number | null): TensorRow {
  const sorted = sortedFinite(values);
  return {
    name,
    last: values.at(-1) ?? Number.NaN,
    median: medianOfSorted(sorted) ?? null,
    p99: quantileOfSorted(sorted, 0.99) ?? null,
    share,
    nonFinite: values.length - sorted.length,
    zeros: values.reduce((zeros, value) => zeros + (value === 0 ? 1 : 0), 0),
    recent: values.slice(-RECENT_POINTS),
  };
}
