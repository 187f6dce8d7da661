import type { Finding } from "#core/finding.ts";
import type { RuleId } from "#core/rules.ts";
import { t } from "@vscode/l10n";
import type { LoggedSeries } from "./points/logContext.ts";
import { createRunJudge } from "./runJudge.ts";
import type { JudgedRun, JudgedSeries, RunJudge } from "./runJudge.ts";

/** A run that may log several global norms: of actor and critic, raw and clipped, or in logs that disagree. */
export interface NormsRun<S extends LoggedSeries> extends JudgedRun {
  readonly series: () => readonly S[];
}

/** The global norms of a run; the first is the one that all rules are for. */
export function globalNormsOf<S extends LoggedSeries>({ series }: Pick<NormsRun<S>, "series">): readonly S[] {
  return series().filter(({ key }) => key.kind === "globalNorm");
}

const NO_TENSORS: ReadonlyMap<string, number> = new Map();

/**
 * Judges one of a run's global norms. Others than the first are judged for NaN and Inf alone: what else shows in a norm
 * shows in its clipped or averaged twin too, and would be told twice. The log's tensors belong to the first.
 */
export function createNormJudge<S extends JudgedSeries>(
  run: NormsRun<S>,
  norms: S,
  enabled: ReadonlySet<RuleId>,
): RunJudge {
  if (norms === globalNormsOf(run)[0]) {
    return createRunJudge(run, norms, enabled);
  }
  const rules = new Set([...enabled].filter((rule) => rule === "GN101"));
  const judge = createRunJudge({ ...run, tensorNormsAt: () => NO_TENSORS }, norms, rules);
  const { name } = norms.key;
  return {
    push: judge.push,
    findings: () =>
      judge.findings().map((finding) => ({ ...finding, tensor: name, message: ofNorm(name, finding.message) })),
  };
}

/** A sentence about a global norm; the first needs no name. */
export function ofNorm(name: string | null, sentence: string): string {
  return name === null ? sentence : t("{0}: {1}", name, sentence);
}

/** The findings of all judges of a run, the first norm's first. NaN that this one's findings cover is not told again. */
export function joinFindings([first = [], ...others]: readonly (readonly Finding[])[]): readonly Finding[] {
  const broken = first.filter(({ rule }) => rule === "GN101");
  return [...first, ...others.flat().filter((finding) => !broken.some((episode) => covers(episode, finding)))];
}

function covers(episode: Finding, { start, end }: Finding): boolean {
  return episode.start <= start && (end ?? Infinity) <= (episode.end ?? Infinity);
}
