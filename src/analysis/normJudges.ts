import type { Finding } from "#core/finding.ts";
import type { RuleId } from "#core/rules.ts";
import { isOtherView, mainName, ofNorm } from "./normNames.ts";
import { gatherSpikes } from "./rules/gatherSpikes.ts";
import { createRunJudge } from "./runJudge.ts";
import type { JudgedRun, JudgedSeries, RunJudge } from "./runJudge.ts";
import { createTold } from "./told.ts";

const NO_TENSORS: ReadonlyMap<string, number> = new Map();

/** What a training can break down by, and can do in one of its models alone. */
const OF_FURTHER_NORMS: readonly RuleId[] = ["GN101", "GN201", "GN203", "GN206"];
/** Of norms whose events the first cannot be asked for: other steps, a part of it, or the same once more. */
const OF_OTHER_VIEWS: readonly RuleId[] = ["GN101"];

/** Judges one of a run's global norms. The log's tensors belong to the first, to which alone all rules apply. */
export function createNormJudge<S extends JudgedSeries>(
  run: JudgedRun<S>,
  norms: S,
  enabled: ReadonlySet<RuleId>,
): RunJudge {
  const all = run.ofKind("globalNorm");
  const [first] = all;
  if (norms === first) {
    return named(createRunJudge(run, norms, enabled), () => mainName(run));
  }
  const rules = isOtherView(norms.key, all) ? OF_OTHER_VIEWS : OF_FURTHER_NORMS;
  const wanted = new Set(rules.filter((rule) => enabled.has(rule)));
  const judge = createRunJudge({ ...run, tensorNormsAt: () => NO_TENSORS }, norms, wanted);
  const { name } = norms.key;
  // A model that is trained from a later step on has no gradient before it.
  const isLate = ({ rule, start }: Finding): boolean => rule === "GN206" && start === norms.steps()[0];
  return {
    ...judge,
    findings: (settle) =>
      judge
        .findings(settle)
        .filter((finding) => !isLate(finding))
        .map((finding) => ({ ...finding, tensor: name, message: ofNorm(name, finding.message) })),
  };
}

function named(judge: RunJudge, nameNow: () => string | null): RunJudge {
  return {
    ...judge,
    findings(settle) {
      const name = nameNow();
      return judge.findings(settle).map((finding) => ({ ...finding, message: ofNorm(name, finding.message) }));
    },
  };
}

/** The findings of all judges of a run, the first norm's first. What one norm tells is not told again of the next. */
export function joinFindings([first, ...others]: readonly RunJudge[]): readonly Finding[] {
  if (first === undefined || others.length === 0) {
    return first?.findings() ?? [];
  }
  const told = [createTold(first.apart())];
  const ofOthers = others.map((judge) => {
    const before = [...told];
    told.push(createTold(judge.apart()));
    return judge.findings((episodes) =>
      gatherSpikes(episodes.filter((episode) => !before.some((isTold) => isTold(episode)))),
    );
  });
  return [...first.findings(), ...ofOthers.flat()];
}
