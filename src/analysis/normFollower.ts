import type { Finding } from "#core/finding.ts";
import type { RuleId } from "#core/rules.ts";
import type { NormColumns } from "./points/loggedNorms.ts";
import { createNormJudge, joinFindings } from "./normJudges.ts";
import type { JudgedRun, JudgedSeries, RunJudge } from "./runJudge.ts";

/** A global norm in a run that grows. */
export interface GrowingNorm extends JudgedSeries {
  count(): number;
  /** The samples after the first `count`, in the order of the log. */
  since(count: number): NormColumns;
}

/** The findings on all global norms of one run. */
export interface NormFollower {
  /** Judges what is new. Another series, or another clip threshold, is judged from its beginning. */
  readonly update: (run: JudgedRun<GrowingNorm>) => void;
  readonly findings: () => readonly Finding[];
}

interface Page {
  readonly series: GrowingNorm;
  /** The norm that all rules are for. */
  readonly first: GrowingNorm;
  readonly threshold: number | undefined;
  readonly judge: RunJudge;
  judged: number;
}

export function followNorms(enabled: ReadonlySet<RuleId>): NormFollower {
  let pages: readonly Page[] = [];

  function pageOf(run: JudgedRun<GrowingNorm>, series: GrowingNorm, first: GrowingNorm): Page {
    const threshold = run.clipThreshold()?.value;
    const known = pages.find((page) => page.series === series && page.first === first && page.threshold === threshold);
    return known ?? { series, first, threshold, judge: createNormJudge(run, series, enabled), judged: 0 };
  }

  return {
    update(run) {
      pages = run.ofKind("globalNorm").map((series, _, [first = series]) => pageOf(run, series, first));
      for (const page of pages) {
        page.judge.push(page.series.since(page.judged));
        page.judged = page.series.count();
      }
    },
    findings: () => joinFindings(pages.map(({ judge }) => judge)),
  };
}
