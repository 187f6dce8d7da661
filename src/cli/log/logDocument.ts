import { basename } from "node:path";
import { clipStateOf } from "#analysis/clipping/clipState.ts";
import type { ClipState } from "#analysis/clipping/clipState.ts";
import { checkRun } from "#analysis/consistency/ofRun.ts";
import type { Suspicion } from "#analysis/consistency/suspicion.ts";
import { ignores, rulesOf } from "#core/config.ts";
import type { Finding } from "#core/finding.ts";
import type { ClipThreshold } from "#core/log.ts";
import type { Numbers } from "#core/numbers.ts";
import type { LogFile } from "#core/run.ts";
import type { SeriesKey } from "#core/series.ts";
import { countNonFinite } from "#store/columns/bucket.ts";
import type { SourcedSeries } from "#store/series.ts";
import { judgeRun } from "../runs/judgeRun.ts";
import type { LoadedRun } from "../runs/loadRuns.ts";

export type StepAndValue = readonly [step: number, value: number];

interface SeriesDocument extends SeriesKey {
  /** The log it is read from; of several that follow each other the last. */
  readonly source: string;
  readonly points: number;
  readonly segments: number;
  readonly first: StepAndValue | null;
  readonly last: StepAndValue | null;
  /** Smallest and largest finite value with its step; null when no value is finite. */
  readonly min: StepAndValue | null;
  readonly max: StepAndValue | null;
  readonly nonFinite: number;
  /** Half a unit of the last digit printed, where values were printed with few. */
  readonly resolution?: number;
  readonly steps?: Numbers;
  readonly values?: Numbers;
}

/** One element of `runs` in what `gradlens log --json` prints. */
export interface RunDocument {
  readonly id: string;
  readonly name: string;
  readonly sources: readonly LogFile[];
  readonly clipThreshold: ClipThreshold | null;
  readonly clipState: ClipState;
  readonly series: readonly SeriesDocument[];
  readonly findings: readonly Finding[];
  /** Reasons to doubt that the logged number is the norm of the whole gradient. */
  readonly suspicions: readonly Suspicion[];
  /** What is to be known of the logs, in sentences. */
  readonly notes: readonly string[];
}

interface DocumentOptions {
  /** With the columns of each series. */
  readonly withValues: boolean;
}

export function toDocument({ run, config }: LoadedRun, options: DocumentOptions): RunDocument {
  const norms = run.first("globalNorm");
  const clipThreshold = run.clipThreshold();
  return {
    id: run.id,
    name: basename(run.id),
    sources: run.logs().map(({ path, format }) => ({ path, format })),
    clipThreshold,
    clipState: clipStateOf(norms?.values() ?? [], { threshold: clipThreshold?.value, resolution: norms?.resolution() }),
    series: run.series().map((series) => describeSeries(series, options)),
    findings: judgeRun(run, rulesOf(config)).filter((finding) => !ignores(config, finding)),
    suspicions: checkRun(run),
    notes: run.notes(),
  };
}

function describeSeries(series: SourcedSeries, { withValues }: DocumentOptions): SeriesDocument {
  const { name, kind, tensor, ...unit } = series.key;
  const resolution = series.resolution();
  const [steps, values] = [series.steps(), series.values()];
  const at = (index: number): StepAndValue | null => {
    const [step, value] = [steps[index], values[index]];
    return step === undefined || value === undefined ? null : [step, value];
  };
  return {
    name,
    kind,
    tensor,
    ...unit,
    source: series.path,
    points: series.count(),
    segments: series.segments(),
    first: at(0),
    last: at(values.length - 1),
    min: at(indexOfBest(values, (value, best) => value < best)),
    max: at(indexOfBest(values, (value, best) => value > best)),
    nonFinite: countNonFinite(series.counts()),
    ...(resolution === undefined ? {} : { resolution }),
    ...(withValues ? { steps, values } : {}),
  };
}

/** Index of the best finite value; -1 when there is none. */
function indexOfBest(values: Numbers, isBetter: (value: number, best: number) => boolean): number {
  let best = -1;
  values.forEach((value, index) => {
    if (Number.isFinite(value) && (best === -1 || isBetter(value, values[best] ?? Number.NaN))) {
      best = index;
    }
  });
  return best;
}
