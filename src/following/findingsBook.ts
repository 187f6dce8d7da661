import { inOrderOfSteps } from "#analysis/findings.ts";
import { createRunJudge } from "#analysis/runJudge.ts";
import type { RunJudge } from "#analysis/runJudge.ts";
import { followTensors } from "#analysis/tensors/follow.ts";
import type { TensorFollower } from "#analysis/tensors/follow.ts";
import { createAnnouncer } from "#core/event.ts";
import type { IgnorableFinding } from "#core/config.ts";
import type { Announcer, Disposable } from "#core/event.ts";
import type { Finding } from "#core/finding.ts";
import { DEFAULT_RULES } from "#core/rules.ts";
import type { RuleId } from "#core/rules.ts";
import type { SourcedSeries } from "#store/joined.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { elementsIn } from "./elementsIn.ts";

/** The findings of every followed run, kept up to date as samples arrive. */
export interface FindingsBook extends Disposable {
  readonly of: (run: Run) => readonly Finding[];
  readonly onDidChange: Announcer<Run>["on"];
  /** Judges every run from its beginning: other rules are on. */
  readonly judgeAnew: () => void;
}

/** What people want to hear of a run. */
export interface FindingChoices {
  readonly rules: (run: Pick<Run, "id">) => ReadonlySet<RuleId>;
  readonly isIgnored: (run: Pick<Run, "id">, finding: IgnorableFinding) => boolean;
}

export const DEFAULT_CHOICES: FindingChoices = { rules: () => DEFAULT_RULES, isIgnored: () => false };

interface Page {
  readonly global: GlobalPage | undefined;
  readonly tensors: TensorFollower;
  readonly findings: readonly Finding[];
}

interface GlobalPage {
  readonly series: SourcedSeries;
  readonly threshold: number | undefined;
  readonly judge: RunJudge;
  judged: number;
}

export function createFindingsBook(store: RunStore, choices = DEFAULT_CHOICES): FindingsBook {
  const pages = new Map<string, Page>();
  const { on, announce } = createAnnouncer<Run>();

  /** Another series, or another clip threshold, is judged from its beginning. */
  function judgeGlobal(run: Run, known: GlobalPage | undefined): GlobalPage | undefined {
    const series = run.first("globalNorm");
    const threshold = run.clipThreshold()?.value;
    if (series === undefined) {
      return undefined;
    }
    const isKnown = known?.series === series && known.threshold === threshold;
    const page = isKnown ? known : startPage(run, series);
    page.judge.push(series.since(page.judged));
    page.judged = series.count();
    return page;
  }

  function startPage(run: Run, series: SourcedSeries): GlobalPage {
    const judge = createRunJudge(run, series, choices.rules(run));
    return { series, threshold: run.clipThreshold()?.value, judge, judged: 0 };
  }

  function startFollower(run: Run): TensorFollower {
    return followTensors({ enabled: choices.rules(run), elementsOf: (name) => elementsIn(run, name) });
  }

  function update(run: Run): void {
    const known = pages.get(run.id);
    const isFilling = run.isFilling(); // The end of a log is judged with what comes before it.
    const tensors = isFilling ? new Map<string, SourcedSeries>() : run.tensors();
    const global = isFilling ? undefined : judgeGlobal(run, known?.global);
    if (global === undefined && tensors.size === 0) {
      if (pages.delete(run.id)) {
        announce(run); // The log was emptied, and with it went what was found in it.
      }
      return;
    }
    const follower = known?.tensors ?? startFollower(run);
    follower.update(tensors);
    const found = inOrderOfSteps([...(global?.judge.findings() ?? []), ...follower.findings()]);
    const findings = found.filter((finding) => !choices.isIgnored(run, finding));
    pages.set(run.id, { global, tensors: follower, findings });
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
  return {
    of: (run) => pages.get(run.id)?.findings ?? [],
    onDidChange: on,
    judgeAnew() {
      pages.clear();
      store.runs().forEach(update);
    },
    dispose: subscription.dispose,
  };
}
