import { inOrderOfSteps } from "#analysis/findings.ts";
import { followNorms } from "#analysis/normFollower.ts";
import { followTensors } from "#analysis/tensors/follow.ts";
import type { Finding } from "#core/finding.ts";
import type { RuleId } from "#core/rules.ts";
import type { Run } from "#store/run.ts";

/** All findings on a run that was read to its end: on its global norms, and on its tensors. */
export function judgeRun(run: Run, enabled: ReadonlySet<RuleId>): readonly Finding[] {
  const norms = followNorms(enabled);
  norms.update(run);
  const tensors = followTensors({ enabled, elementsOf: () => undefined });
  tensors.update(run.tensors());
  return inOrderOfSteps([...norms.findings(), ...tensors.findings()]);
}
