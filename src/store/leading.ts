import type { SourcedSeries } from "./series.ts";
import type { Joiner } from "./joiner.ts";
import { lengthBefore } from "./startOf.ts";

/** A series that holds the same numbers as others. */
export interface Twin {
  readonly series: SourcedSeries;
  /** What its steps are more than those of the first twin: some logs count from 0, others from 1. */
  readonly shift: number;
  /** It may be of the training before. */
  readonly isStale: boolean;
}

/** The most precise first. */
export type Twins = readonly [Twin, ...Twin[]];

export interface Led {
  readonly series: SourcedSeries;
  /** The twin that gives the samples before the leader's first one. */
  readonly before: SourcedSeries | undefined;
  readonly leftOut: readonly LeftOut[];
}

/** A twin that is not shown. */
export interface LeftOut {
  readonly twin: Twin;
  readonly leader: Twin;
  readonly isMorePrecise: boolean;
}

/**
 * Shows the twin that goes furthest, of equal ones the most precise: a state is only as new as the last save, and a log may
 * end before its run does. One that is stale stands behind those that are not. What was logged before the leader began comes
 * from the most precise twin that has it.
 */
export function leadOf(twins: Twins, join: Joiner): Led {
  const leader = twins.reduce((best, twin) => (isBetter(twin, best) ? twin : best));
  const begin = leader.series.steps()[0] ?? -Infinity;
  const before = twins.find(
    ({ series, shift }) => shift === leader.shift && lengthBefore(series, begin) >= LEAST_BEFORE,
  )?.series;
  const leftOut = twins
    .filter((twin) => twin !== leader)
    .map((twin) => ({ twin, leader, isMorePrecise: twins.indexOf(twin) < twins.indexOf(leader) }));
  return { series: before === undefined ? leader.series : join.behind(before, leader.series), before, leftOut };
}

// One sample is no stretch: some writers leave out step 0, and a console may tell its first step too early.
const LEAST_BEFORE = 2;

function isBetter(twin: Twin, best: Twin): boolean {
  return twin.isStale === best.isStale ? lead(twin, best) > 0 : best.isStale;
}

/** How many steps a twin goes further than another; negative when it does not. */
export function lead(twin: Twin, other: Twin): number {
  return lastStep(twin) - lastStep(other);
}

function lastStep({ series, shift }: Twin): number {
  return (series.last()?.step ?? -Infinity) - shift;
}
