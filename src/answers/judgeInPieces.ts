import { inOrderOfSteps } from "#analysis/findings.ts";
import { createNormJudge, joinFindings } from "#analysis/normJudges.ts";
import type { RunJudge } from "#analysis/runJudge.ts";
import { followTensors } from "#analysis/tensors/follow.ts";
import type { TensorSeries } from "#analysis/tensors/takeNew.ts";
import type { Finding } from "#core/finding.ts";
import type { RuleId } from "#core/rules.ts";
import { inEnglish } from "#l10n/language.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";

// Judged in a few hundredths of a second.
const PIECE = 20_000;

type Pause = () => Promise<void>;

/** All findings on a run that was read to its end, as judging it at once gives, in English; with a pause after each piece. */
export async function judgeInPieces(run: Run, enabled: ReadonlySet<RuleId>, pause: Pause): Promise<readonly Finding[]> {
  const judges = run.ofKind("globalNorm").map((norms) => ({ norms, judge: createNormJudge(run, norms, enabled) }));
  for (const { norms, judge } of judges) {
    await pushInPieces(judge, norms, pause);
  }
  const ofNorms = inEnglish(() => joinFindings(judges.map(({ judge }) => judge)));
  return inOrderOfSteps([...ofNorms, ...(await judgeTensors(run, enabled, pause))]);
}

/** The findings on the first global norm alone. */
export async function judgeNormInPieces(
  run: Run,
  enabled: ReadonlySet<RuleId>,
  pause: Pause,
): Promise<readonly Finding[]> {
  const norms = run.first("globalNorm");
  if (norms === undefined) {
    return [];
  }
  const judge = createNormJudge(run, norms, enabled);
  await pushInPieces(judge, norms, pause);
  return inEnglish(judge.findings);
}

async function pushInPieces(judge: RunJudge, norms: SourcedSeries, pause: Pause): Promise<void> {
  const length = norms.length();
  for (let from = 0; from < length; from += PIECE) {
    const until = Math.min(from + PIECE, length);
    // Columns are valid until the next change: the run may grow in each pause.
    inEnglish(() =>
      judge.push({
        steps: norms.steps().subarray(from, until),
        values: norms.values().subarray(from, until),
        lines: norms.lines().subarray(from, until),
      }),
    );
    await pause();
  }
}

async function judgeTensors(run: Run, enabled: ReadonlySet<RuleId>, pause: Pause): Promise<readonly Finding[]> {
  const tensors = run.tensors();
  const follower = followTensors({ enabled, elementsOf: () => undefined });
  const pieces = piecesOf([...tensors.values()]);
  let share = 0;
  const growing = new Map(Array.from(tensors, ([name, series]) => [name, firstShareOf(series, () => share)]));
  for (let piece = 1; piece <= pieces; piece += 1) {
    share = piece / pieces;
    inEnglish(() => follower.update(growing));
    await pause();
  }
  return inEnglish(follower.findings);
}

/** Of what was coarsened the samples can only be had all at once. */
function piecesOf(tensors: readonly SourcedSeries[]): number {
  const samples = tensors.reduce((sum, series) => sum + series.count(), 0);
  const isCoarsened = tensors.some((series) => series.coarsened() > 0);
  return isCoarsened ? 1 : Math.max(1, Math.ceil(samples / PIECE));
}

/** A series as it was when it had only the first share of its samples. */
function firstShareOf(series: SourcedSeries, share: () => number): TensorSeries {
  const count = (): number => Math.floor(series.count() * share());
  return {
    count,
    since(from) {
      const { steps, values, lines } = series.since(from);
      const length = share() === 1 ? values.length : count() - from;
      return { steps: steps.slice(0, length), values: values.slice(0, length), lines: lines.slice(0, length) };
    },
    key: series.key,
    resolution: () => series.resolution(),
    pathAt: (step) => series.pathAt(step),
  };
}
