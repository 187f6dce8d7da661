import type { Axis, SeriesKey, SeriesKind } from "#core/series.ts";

type At = (step: number) => number | undefined;

/** What else a log says at a step. What is missing is not in the log. */
export interface LogContext {
  /** What the steps count, when it is not optimizer steps. */
  readonly axis?: Axis | undefined;
  readonly learningRateAt?: At | undefined;
  readonly lossAt?: At | undefined;
  readonly lossScaleAt?: At | undefined;
  readonly skippedStepsAt?: At | undefined;
  readonly nanStepsAt?: At | undefined;
  /** The norms that other processes of the training print for the step. */
  readonly rankNormsAt?: ((step: number) => readonly number[]) | undefined;
}

export interface LoggedSeries {
  readonly key: SeriesKey;
  valueAt(step: number): number | undefined;
}

/** A run's series of a kind, the most precise first. */
export interface SeriesByKind<S extends LoggedSeries = LoggedSeries> {
  readonly ofKind: (kind: SeriesKind) => readonly S[];
}

/** Finds among a run's series what the rules want to know about its global norm. */
export function contextOf({ ofKind }: SeriesByKind, norm: SeriesKey): LogContext {
  const first = (kind: SeriesKind): At | undefined => {
    const [found] = ofKind(kind);
    return found && ((step) => found.valueAt(step));
  };
  const ranks = ofKind(norm.kind).filter(({ key }) => isOfOtherRank(key.name, norm.name));
  return {
    axis: norm.axis,
    learningRateAt: first("learningRate"),
    lossAt: first("loss"),
    lossScaleAt: first("lossScale"),
    skippedStepsAt: first("skippedSteps"),
    nanStepsAt: first("nanSteps"),
    rankNormsAt:
      ranks.length === 0
        ? undefined
        : (step) => ranks.map((rank) => rank.valueAt(step)).filter((value) => value !== undefined),
  };
}

/** Readers call what another process prints differently `grad_norm (rank 3)`. */
export function isOfOtherRank(name: string, own: string): boolean {
  return name.startsWith(`${own} (rank `) && name.endsWith(")");
}
