import { adviseClipping } from "#analysis/clipping/advice.ts";
import type { ClipAdvice, ClipQuestion } from "#analysis/clipping/advice.ts";
import { contextOf } from "#analysis/logContext.ts";
import { RULE_IDS } from "#core/rules.ts";
import type { Run } from "#store/run.ts";
import { judgeNormInPieces } from "./judgeInPieces.ts";

/** What is asked of a run besides what its log tells. */
export interface AskedAdvice extends Pick<ClipQuestion, "given" | "history"> {
  /** Lets others have their turn while the run is judged. */
  readonly pause?: () => Promise<void>;
}

/** Which clip thresholds a run that was read suggests. */
export async function adviseRun(run: Run, asked: AskedAdvice): Promise<ClipAdvice> {
  const { given, history, pause = atOnce } = asked;
  const norms = run.first("globalNorm");
  const context = norms === undefined ? {} : contextOf(run.series(), norms.key);
  return adviseClipping({
    logged: {
      steps: norms?.steps() ?? [],
      values: norms?.values() ?? [],
      learningRateAt: context.learningRateAt ?? ((): undefined => undefined),
    },
    key: norms?.key ?? {},
    resolution: norms?.resolution(),
    configured: run.clipThreshold()?.value,
    given,
    // All rules, also those that people have to ask for: some of them say that the norm cannot be trusted.
    findings: await judgeNormInPieces(run, new Set(RULE_IDS), pause),
    tensors: Array.from(run.tensors(), ([name, series]) => ({ name, steps: series.steps(), values: series.values() })),
    ...(history === undefined ? {} : { history }),
  });
}

async function atOnce(): Promise<void> {
  await Promise.resolve();
}
