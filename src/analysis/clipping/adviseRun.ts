import type { SeriesKind } from "#core/series.ts";
import { RULE_IDS } from "#core/rules.ts";
import type { NormColumns } from "../points/loggedNorms.ts";
import { contextOf } from "../points/logContext.ts";
import { createRunJudge } from "../runJudge.ts";
import type { JudgedRun, JudgedSeries } from "../runJudge.ts";
import { adviseClipping } from "./advice.ts";
import type { ClipAdvice, ClipQuestion } from "./advice.ts";
import type { KnownFinding } from "./refusal.ts";
import type { TensorSeries } from "./tensorNorms.ts";

export interface AdvisedSeries extends JudgedSeries {
  lines(): NormColumns["lines"];
}

/** A run with all that its log tells of it. */
export interface AdvisedRun extends JudgedRun {
  readonly first: (kind: SeriesKind) => AdvisedSeries | undefined;
  readonly tensors: () => ReadonlyMap<string, Pick<AdvisedSeries, "steps" | "values">>;
}

export interface AdviceOptions {
  /** Thresholds to measure beside the advised ones. */
  readonly given: readonly number[];
  /** How many of the last norms count; the usual number when undefined. */
  readonly last: number | undefined;
  readonly withWarmUp: boolean | undefined;
  /** Another of the run's global norms than the main one. Threshold and tensors in the log are the main one's. */
  readonly further?: AdvisedSeries | undefined;
}

/** The clipping advice on a whole run: the same for everyone who asks. */
export function adviseRun(run: AdvisedRun, options: AdviceOptions): ClipAdvice {
  const norms = options.further ?? run.first("globalNorm");
  return adviseJudgedRun(run, norms === undefined ? [] : findingsIn(run, norms), options);
}

/** The same, where the findings of all rules on the norm are known. */
export function adviseJudgedRun(
  run: AdvisedRun,
  findings: readonly KnownFinding[],
  { given, further, ...history }: AdviceOptions,
): ClipAdvice {
  const norms = further ?? run.first("globalNorm");
  const context = norms === undefined ? {} : contextOf(run, norms.key);
  return adviseClipping({
    logged: {
      steps: norms?.steps() ?? [],
      values: norms?.values() ?? [],
      learningRateAt: context.learningRateAt ?? ((): undefined => undefined),
    },
    key: norms?.key ?? {},
    resolution: norms?.resolution(),
    given,
    findings,
    ...(further === undefined ? ofMain(run) : OF_FURTHER),
    history,
  });
}

/** What a log tells without saying of which norm; that is the main one. */
function ofMain(run: AdvisedRun): Pick<ClipQuestion, "configured" | "tensors"> {
  return { configured: run.clipThreshold()?.value, tensors: tensorSeriesOf(run) };
}

const OF_FURTHER: Pick<ClipQuestion, "configured" | "tensors"> = { configured: undefined, tensors: [] };

/** The norms of a run's tensors, as far as its log has them. */
function tensorSeriesOf(run: Pick<AdvisedRun, "tensors">): readonly TensorSeries[] {
  return Array.from(run.tensors(), ([name, series]) => ({ name, steps: series.steps(), values: series.values() }));
}

/** All rules, also those that people have to ask for: some of them say that the norm cannot be trusted. */
function findingsIn(run: JudgedRun, norms: AdvisedSeries): readonly KnownFinding[] {
  const judge = createRunJudge(run, norms, new Set(RULE_IDS));
  judge.push({ steps: norms.steps(), values: norms.values(), lines: norms.lines() });
  return judge.findings();
}
