import { createDetector } from "#analysis/detector.ts";
import type { Detector } from "#analysis/detector.ts";
import { findingsOf } from "#analysis/findings.ts";
import { judge } from "#analysis/judge.ts";
import { createAnnouncer } from "#core/event.ts";
import type { Announcer, Disposable } from "#core/event.ts";
import type { Finding } from "#core/finding.ts";
import type { SourcedSeries } from "#store/joined.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";

/** The findings of every followed run, kept up to date as samples arrive. */
export interface FindingsBook extends Disposable {
  readonly of: (run: Run) => readonly Finding[];
  readonly onDidChange: Announcer<Run>["on"];
}

interface Page {
  readonly series: SourcedSeries;
  readonly detector: Detector;
  judged: number;
  findings: readonly Finding[];
}

export function createFindingsBook(store: RunStore): FindingsBook {
  const pages = new Map<string, Page>();
  const { on, announce } = createAnnouncer<Run>();

  function update(run: Run): void {
    // The end of a log is judged with what comes before it.
    const series = run.isFilling() ? undefined : run.first("globalNorm");
    if (series === undefined) {
      if (pages.delete(run.id)) {
        announce(run); // The log was emptied, and with it went what was found in it.
      }
      return;
    }
    let page = pages.get(run.id);
    if (page?.series !== series) {
      page = { series, detector: createDetector(), judged: 0, findings: [] };
      pages.set(run.id, page);
    }
    const learningRates = run.first("learningRate");
    const learningRateAt = (step: number): number | undefined => learningRates?.valueAt(step);
    judge(page.detector, series.since(page.judged), { from: 0, learningRateAt, resolution: series.resolution() });
    page.judged = series.count();
    const { pathAt } = series;
    page.findings = findingsOf(page.detector.episodes(), { pathAt, tensorNormsAt: run.tensorNormsAt });
    announce(run);
  }

  const subscription = store.onDidChange(({ run, what }) => {
    if (what === "removed") {
      pages.delete(run.id);
      announce(run);
    } else if (what === "samples" || what === "restarted") {
      update(run);
    }
  });
  return { of: (run) => pages.get(run.id)?.findings ?? [], onDidChange: on, dispose: subscription.dispose };
}
