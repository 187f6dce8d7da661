import { adviseJudgedRun } from "#analysis/clipping/adviseRun.ts";
import type { AdviceOptions } from "#analysis/clipping/adviseRun.ts";
import type { ClipAdvice } from "#analysis/clipping/advice.ts";
import { RULE_IDS } from "#core/rules.ts";
import { inEnglish } from "#l10n/language.ts";
import type { Run } from "#store/run.ts";
import { judgeNormInPieces } from "./judgeInPieces.ts";

/** What is asked of a run besides what its log tells. */
export interface AskedAdvice extends Partial<AdviceOptions> {
  /** Lets others have their turn while the run is judged. */
  readonly pause: () => Promise<void>;
}

/** Which clip thresholds a run that was read suggests: what `gradlens clip` says, without holding others up. */
export async function adviseRun(run: Run, { pause, given = [], last, withWarmUp }: AskedAdvice): Promise<ClipAdvice> {
  // All rules, also those that people have to ask for: some of them say that the norm cannot be trusted.
  const findings = await judgeNormInPieces(run, new Set(RULE_IDS), pause);
  return inEnglish(() => adviseJudgedRun(run, findings, { given, last, withWarmUp }));
}
