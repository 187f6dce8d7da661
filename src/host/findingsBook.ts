import { createRunJudge } from "#analysis/runJudge.ts";
import type { RunJudge } from "#analysis/runJudge.ts";
import { createAnnouncer } from "#core/event.ts";
import type { Announcer, Disposable } from "#core/event.ts";
import type { Finding } from "#core/finding.ts";
import { DEFAULT_RULES } from "#core/rules.ts";
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
  readonly threshold: number | undefined;
  readonly judge: RunJudge;
  judged: number;
  findings: readonly Finding[];
}

export function createFindingsBook(store: RunStore, enabled = DEFAULT_RULES): FindingsBook {
  const pages = new Map<string, Page>();
  const { on, announce } = createAnnouncer<Run>();

  /** Another series, or another clip threshold, is judged from its beginning. */
  function pageOf(run: Run, series: SourcedSeries): Page {
    const known = pages.get(run.id);
    const threshold = run.clipThreshold()?.value;
    if (known?.series === series && known.threshold === threshold) {
      return known;
    }
    const page = { series, threshold, judge: createRunJudge(run, series, enabled), judged: 0, findings: [] };
    pages.set(run.id, page);
    return page;
  }

  function update(run: Run): void {
    const series = run.first("globalNorm");
    if (series === undefined) {
      if (pages.delete(run.id)) {
        announce(run); // The log was emptied, and with it went what was found in it.
      }
      return;
    }
    const page = pageOf(run, series);
    page.judge.push(series.since(page.judged));
    page.judged = series.count();
    page.findings = page.judge.findings();
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
