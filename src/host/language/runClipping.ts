import { mainName } from "#analysis/normNames.ts";
import { adviseClipping } from "#analysis/clipping/advice.ts";
import type { ClipAdvice } from "#analysis/clipping/advice.ts";
import { normsIn } from "#analysis/clipping/history.ts";
import { sortNorms } from "#core/clipping/sortedNorms.ts";
import { measureThreshold } from "#core/clipping/threshold.ts";
import { contextOf } from "#analysis/points/logContext.ts";
import { createRunJudge } from "#analysis/runJudge.ts";
import { medianOfSorted, quantileOfSorted } from "#core/quantile.ts";
import type { RuleId } from "#core/rules.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";

/** What a run's norms say of clip thresholds. */
export interface RunClipping {
  /** The norm that it is about, where the run has several. */
  readonly norm: string | null;
  readonly advice: ClipAdvice;
  readonly median: number | undefined;
  readonly p99: number | undefined;
  /** Which share of the norms that count, 0 to 1, a threshold clips; undefined where they do not tell. */
  readonly clippedShare: (threshold: number) => number | undefined;
}

export interface ClippingBook {
  /** Undefined for a run that logs no global norm. Of a long run it takes a tenth of a second when its log has grown. */
  readonly of: (run: Run) => RunClipping | undefined;
  /** What was measured last; where that is nothing, it is measured after what is going on now. */
  readonly ifMeasured: (run: Run) => RunClipping | undefined;
}

interface Page extends RunClipping {
  readonly series: SourcedSeries;
  readonly count: number;
  readonly threshold: number | undefined;
}

// Rules that say whether the norm can be trusted, and where its level changed, whatever rules people want to hear of.
const TRUST: ReadonlySet<RuleId> = new Set(["GN104", "GN105", "GN203", "GN205", "GN405"]);
// A few more norms do not change what is shown.
const ASK_AGAIN = 1.02;
// The adviser counts the last 2000; this many show their level and whether they can be trusted.
const MOST_POINTS = 50_000;

/** Keeps the answer for each run until its log has grown noticeably. */
export function createClippingBook(): ClippingBook {
  const pages = new WeakMap<Run, Page>();

  function of(run: Run): RunClipping | undefined {
    const series = run.first("globalNorm");
    if (series === undefined) {
      return undefined;
    }
    const threshold = run.clipThreshold()?.value;
    const page = pages.get(run);
    const isCurrent = page?.series === series && page.threshold === threshold && page.norm === mainName(run);
    if (isCurrent && page.count <= series.count() && series.count() <= ASK_AGAIN * page.count) {
      return page;
    }
    const renewed = { ...measure(run, series), series, threshold, count: series.count() };
    pages.set(run, renewed);
    return renewed;
  }

  return {
    of,
    ifMeasured(run) {
      const page = pages.get(run);
      if (page === undefined) {
        setImmediate(() => of(run));
      }
      return page;
    },
  };
}

function measure(run: Run, series: SourcedSeries): RunClipping {
  const advice = adviseOn(run, series);
  const norms = sortNorms(normsIn(advice.history));
  const isTold = advice.refused === undefined && advice.verdict.state !== "post";
  return {
    norm: mainName(run),
    advice,
    median: medianOfSorted(norms.sorted),
    p99: quantileOfSorted(norms.sorted, 0.99),
    clippedShare: (threshold) => (isTold ? measureThreshold(norms, threshold).clippedShare : undefined),
  };
}

/** On the global norm alone: that is what the thresholds of sources are for, and it is quick. */
function adviseOn(run: Run, series: SourcedSeries): ClipAdvice {
  const { learningRateAt = (): undefined => undefined } = contextOf(run, series.key);
  const judge = createRunJudge(run, series, TRUST);
  const steps = series.steps().subarray(-MOST_POINTS);
  const values = series.values().subarray(-MOST_POINTS);
  const lines = series.lines().subarray(-MOST_POINTS);
  judge.push({ steps, values, lines });
  return adviseClipping({
    logged: { steps, values, learningRateAt },
    key: series.key,
    resolution: series.resolution(),
    configured: run.clipThreshold()?.value,
    given: [],
    findings: judge.findings(),
    tensors: [],
  });
}
