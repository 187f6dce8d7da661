import type { Finding } from "#core/finding.ts";
import type { RuleId } from "#core/rules.ts";
import type { SeriesKey } from "#core/series.ts";
import { t } from "@vscode/l10n";
import { isOfOtherRank } from "./points/logContext.ts";
import type { LoggedSeries, SeriesByKind } from "./points/logContext.ts";
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

/** What sentences call the first norm by: its name, in a run that has others of other models or from after clipping. */
export function mainName(run: SeriesByKind): string | null {
  const all = run.ofKind("globalNorm");
  const [first, ...others] = all;
  return others.some(({ key }) => !isOtherView(key, all)) ? (first?.key.name ?? null) : null;
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

/** Whether a norm is of another process or log, or over another axis than the first: another look at the same training. */
export function isOtherView({ name, axis }: SeriesKey, all: readonly LoggedSeries[]): boolean {
  const first = all[0]?.key;
  return first?.axis !== axis || first?.name === name || all.some(({ key }) => isOfOtherRank(name, key.name));
}

/** A sentence about a global norm; the only one needs no name. */
export function ofNorm(name: string | null, sentence: string): string {
  return name === null ? sentence : t("{0}: {1}", name, sentence);
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
