import type { SeriesKey } from "#core/series.ts";
import { adaptiveCandidates } from "./adaptiveCandidates.ts";
import { resample } from "./bootstrap.ts";
import type { ClipCandidate } from "./candidate.ts";
import { cautionsOf, isRough, levelChangeIn } from "./cautions.ts";
import type { Caution } from "./cautions.ts";
import { censoredCandidates } from "./censoredCandidates.ts";
import { clipVerdictOf } from "./clipState.ts";
import type { ClipVerdict } from "./clipState.ts";
import { fixedCandidates } from "./fixedCandidates.ts";
import { clipHistoryOf, normsIn } from "./history.ts";
import type { ClipHistory, HistoryOptions, ReplayedNorms } from "./history.ts";
import { refuse } from "./refusal.ts";
import type { KnownFinding, Refusal } from "./refusal.ts";
import { sortNorms } from "#core/clipping/sortedNorms.ts";
import { t } from "@vscode/l10n";
import { adviseTensors, tensorCautions } from "./tensorAdvice.ts";
import type { TensorAdvice } from "./tensorAdvice.ts";
import { alignTensors } from "./tensorNorms.ts";
import type { TensorNorms, TensorSeries } from "./tensorNorms.ts";

/** A run, as far as its log tells of it, and what is asked about it. */
export interface ClipQuestion {
  readonly logged: ReplayedNorms;
  readonly key: Pick<SeriesKey, "axis" | "isEstimate">;
  readonly resolution: number | undefined;
  /** The threshold the run was trained with. */
  readonly configured: number | undefined;
  /** Other thresholds to measure. */
  readonly given: readonly number[];
  readonly findings: readonly KnownFinding[];
  /** None when the log has no norms of tensors. */
  readonly tensors: readonly TensorSeries[];
  readonly history?: Omit<HistoryOptions, "fromStep">;
}

export interface ClipAdvice {
  readonly history: ClipHistory;
  /** Norms that count. */
  readonly steps: number;
  readonly verdict: ClipVerdict;
  /** Empty when refused. */
  readonly candidates: readonly ClipCandidate[];
  readonly tensors?: TensorAdvice;
  readonly cautions: readonly Caution[];
  readonly refused?: Refusal;
}

/** To be said with every advice. */
export function replayNote(): string {
  return t("This replays the recorded run; a different threshold would have changed what followed.");
}

/** Which clip thresholds a recorded run suggests, and why, or why it suggests none. */
export function adviseClipping(question: ClipQuestion): ClipAdvice {
  const { logged, configured, resolution, findings } = question;
  const fromStep = levelChangeIn(findings);
  const history = clipHistoryOf(logged, { ...question.history, fromStep });
  const verdict = clipVerdictOf(logged.values, { threshold: configured, resolution });
  const steps = history.norms.length - history.start;
  const refused = refuse(history, verdict, findings);
  if (refused !== undefined) {
    return { history, steps, verdict, candidates: [], cautions: [], refused };
  }
  const norms = sortNorms(normsIn(history));
  const digits = findings.some(({ rule }) => rule === "GN105") ? 2 : 3;
  // After clipping the norms of tensors are cut too, by factors that are not in the log.
  const hasTensors = verdict.state !== "post" && question.tensors.length > 0;
  const tensors = hasTensors ? alignTensors(question.tensors, history) : undefined;
  const tensorAdvice = tensors === undefined ? undefined : adviseTensors(tensors, { threshold: configured, digits });
  const resamples = isRough(norms) ? resample(normsIn(history)) : [];
  const options = { configured, given: question.given, digits, resamples } as const;
  const candidates =
    verdict.state === "post"
      ? censoredCandidates(norms, verdict, options)
      : [...fixedCandidates(norms, options), ...adaptiveCandidates(history, wholeSteps(tensors))];
  return {
    history,
    steps,
    verdict,
    candidates,
    ...(tensorAdvice === undefined ? {} : { tensors: tensorAdvice }),
    cautions: [
      ...cautionsOf({ history, norms, verdict, findings, key: question.key, resolution }),
      ...(tensors === undefined ? [] : tensorCautions(tensors, history, tensorAdvice)),
    ],
  };
}

/** Tensors without a step to count would give an advice of NaN. */
function wholeSteps(tensors: TensorNorms | undefined): TensorNorms | undefined {
  return tensors === undefined || tensors.steps.length <= tensors.start ? undefined : tensors;
}
