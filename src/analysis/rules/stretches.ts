import type { Points } from "../points/points.ts";
import type { SeenPoint } from "../points/seenPoint.ts";

/** Points a rule objects to, from the first of those that made it sure. */
export interface Stretch<Detail> {
  readonly first: SeenPoint;
  /** The step of the last one that was not calm. */
  lastStep: number;
  readonly confirmedStep: number;
  bad: number;
  calm: number;
  readonly detail: Detail;
}

/**
 * Each point, at its place in a block, is told in one of three ways, or not at all; the open stretch, if there is one, is
 * returned.
 */
export interface Stretches<Detail> {
  /** It is as it should not be. `detailOf` makes what the rule keeps for a stretch, at the first of its points. */
  readonly bad: (points: Points, place: number, detailOf: () => Detail) => Stretch<Detail> | undefined;
  /** It opens nothing and ends nothing. */
  readonly between: (points: Points, place: number) => Stretch<Detail> | undefined;
  readonly calm: () => Stretch<Detail> | undefined;
  /** A stretch is going on, so that a calm point changes something. */
  readonly isOpen: () => boolean;
  readonly all: () => readonly Stretch<Detail>[];
  readonly isOver: (stretch: Stretch<Detail>) => boolean;
  /** The last step of a stretch; null while it lasts. */
  readonly endOf: (stretch: Stretch<Detail>) => number | null;
}

/** Bad points with fewer calm ones between them are of one stretch. */
const EXIT_POINTS = 10;

/** Hysteresis: a stretch opens after so many bad points with no other between them, and ends after ten calm ones. */
export function createStretches<Detail>(enterPoints = 1): Stretches<Detail> {
  const stretches: Stretch<Detail>[] = [];
  let open: Stretch<Detail> | undefined;
  let candidate: { readonly first: SeenPoint; readonly detail: Detail; bad: number } | undefined;
  const isOver = ({ calm }: Stretch<Detail>): boolean => calm >= EXIT_POINTS;

  function enter(points: Points, place: number, detailOf: () => Detail): Stretch<Detail> | undefined {
    candidate ??= { first: points.at(place), detail: detailOf(), bad: 0 };
    candidate.bad += 1;
    if (candidate.bad < enterPoints) {
      return undefined;
    }
    const step = stepAt(points, place);
    open = { ...candidate, lastStep: step, confirmedStep: step, calm: 0 };
    stretches.push(open);
    candidate = undefined;
    return open;
  }

  return {
    bad(points, place, detailOf) {
      if (open === undefined) {
        return enter(points, place, detailOf);
      }
      open.bad += 1;
      return goOn(open, stepAt(points, place));
    },
    between(points, place) {
      candidate = undefined;
      return open === undefined ? undefined : goOn(open, stepAt(points, place));
    },
    calm() {
      candidate = undefined;
      const current = open;
      if (current !== undefined) {
        current.calm += 1;
        open = isOver(current) ? undefined : current;
      }
      return current;
    },
    isOpen: () => open !== undefined,
    all: () => stretches,
    isOver,
    endOf: (stretch) => (isOver(stretch) ? stretch.lastStep : null),
  };
}

function goOn<Detail>(open: Stretch<Detail>, step: number): Stretch<Detail> {
  open.lastStep = step;
  open.calm = 0;
  return open;
}

function stepAt({ steps }: Points, place: number): number {
  return steps[place] ?? Number.NaN;
}
