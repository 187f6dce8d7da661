import { inOrderOfSteps } from "#analysis/findings.ts";
import { followNorms } from "#analysis/normFollower.ts";
import type { NormFollower } from "#analysis/normFollower.ts";
import { followTensors } from "#analysis/tensors/follow.ts";
import type { TensorFollower } from "#analysis/tensors/follow.ts";
import { createAnnouncer } from "#core/event.ts";
import type { IgnorableFinding } from "#core/config.ts";
import type { Announcer, Disposable } from "#core/event.ts";
import type { Finding } from "#core/finding.ts";
import { DEFAULT_RULES } from "#core/rules.ts";
import type { RuleId } from "#core/rules.ts";
import type { SourcedSeries } from "#store/series.ts";
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
  readonly norms: NormFollower;
  readonly tensors: TensorFollower;
  readonly findings: readonly Finding[];
}

export function createFindingsBook(store: RunStore, choices = DEFAULT_CHOICES): FindingsBook {
  const pages = new Map<string, Page>();
  const { on, announce } = createAnnouncer<Run>();

  function startFollower(run: Run): TensorFollower {
    return followTensors({ enabled: choices.rules(run), elementsOf: (name) => elementsIn(run, name) });
  }

  function update(run: Run): void {
    const known = pages.get(run.id);
    const isFilling = run.isFilling(); // The end of a log is judged with what comes before it.
    const tensors = isFilling ? new Map<string, SourcedSeries>() : run.tensors();
    const hasNorms = !isFilling && run.first("globalNorm") !== undefined;
    if (!hasNorms && tensors.size === 0) {
      if (pages.delete(run.id)) {
        announce(run); // The log was emptied, and with it went what was found in it.
      }
      return;
    }
    const norms = known?.norms ?? followNorms(choices.rules(run));
    norms.update(run);
    const follower = known?.tensors ?? startFollower(run);
    follower.update(tensors);
    const found = inOrderOfSteps([...norms.findings(), ...follower.findings()]);
    const findings = found.filter((finding) => !choices.isIgnored(run, finding));
    pages.set(run.id, { norms, tensors: follower, findings });
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
