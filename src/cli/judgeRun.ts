import { inOrderOfSteps } from "#analysis/findings.ts";
import { createRunJudge } from "#analysis/runJudge.ts";
import { followTensors } from "#analysis/tensors/follow.ts";
import type { Finding } from "#core/finding.ts";
import type { RuleId } from "#core/rules.ts";
import type { Run } from "#store/run.ts";

/** All findings on a run that was read to its end: on its global norm, and on its tensors. */
export function judgeRun(run: Run, enabled: ReadonlySet<RuleId>): readonly Finding[] {
  const norms = run.first("globalNorm");
  const judge = norms === undefined ? undefined : createRunJudge(run, norms, enabled);
  if (norms !== undefined) {
    judge?.push({ steps: norms.steps(), values: norms.values(), lines: norms.lines() });
  }
  const tensors = followTensors({ enabled, elementsOf: () => undefined });
  tensors.update(run.tensors());
  return inOrderOfSteps([...(judge?.findings() ?? []), ...tensors.findings()]);
}
