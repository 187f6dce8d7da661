import { adamFindings } from "#analysis/checkpoints/adamFindings.ts";
import { judgeNorms } from "#analysis/checkpoints/judgeNorms.ts";
import type { MeasuredCheckpoint, NormLimits } from "#analysis/checkpoints/judgeNorms.ts";
import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import type { AdamState } from "#core/comparison.ts";
import type { RuleId } from "#core/rules.ts";

export interface JudgeOptions {
  readonly rules: ReadonlySet<RuleId>;
  readonly limits?: NormLimits;
  /** Asked only where a rule wants it, since it takes a second reading; without it Adam's state is not judged. */
  readonly measureAdam?: () => Promise<AdamState | null>;
}

const NO_LIMITS: NormLimits = { maxNorm: undefined, maxNan: undefined };

/** What one checkpoint says by itself, by the rules that are on: the same for `gradlens check` and for agents. */
export async function judgeCheckpoint(
  norms: MeasuredCheckpoint,
  { rules, limits = NO_LIMITS, measureAdam }: JudgeOptions,
): Promise<readonly CheckpointFinding[]> {
  const isAdamJudged = rules.has("GN301") || rules.has("GN502");
  const adam = isAdamJudged && measureAdam !== undefined ? await measureAdam() : null;
  const findings = [...judgeNorms(norms, limits), ...(adam === null ? [] : adamFindings(adam, null))];
  return findings.filter(({ rule }) => rules.has(rule));
}
