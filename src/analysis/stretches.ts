import type { SeenPoint } from "./rule.ts";

/** Points a rule objects to, from the first of those that made it sure. */
export interface Stretch<Detail> {
  readonly first: SeenPoint;
  /** The last one that was not calm. */
  last: SeenPoint;
  readonly confirmed: SeenPoint;
  bad: number;
  calm: number;
  readonly detail: Detail;
}

/** Each point is told in one of three ways, or not at all; the open stretch, if there is one, is returned. */
export interface Stretches<Detail> {
  /** It is as it should not be. `detailOf` makes what the rule keeps for a stretch, at the first of its points. */
  readonly bad: (point: SeenPoint, detailOf: () => Detail) => Stretch<Detail> | undefined;
  /** It opens nothing and ends nothing. */
  readonly between: (point: SeenPoint) => Stretch<Detail> | undefined;
  readonly calm: () => Stretch<Detail> | undefined;
  readonly all: () => readonly Stretch<Detail>[];
  readonly isOver: (stretch: Stretch<Detail>) => boolean;
  /** The last step of a stretch; null while it lasts. */
  readonly endOf: (stretch: Stretch<Detail>) => number | null;
}

// science: events closer than this merge.
const EXIT_POINTS = 10;

/** Hysteresis: a stretch opens after so many bad points with no other between them, and ends after ten calm ones. */
export function createStretches<Detail>(enterPoints = 1): Stretches<Detail> {
  const stretches: Stretch<Detail>[] = [];
  let open: Stretch<Detail> | undefined;
  let candidate: { readonly first: SeenPoint; readonly detail: Detail; bad: number } | undefined;
  const isOver = ({ calm }: Stretch<Detail>): boolean => calm >= EXIT_POINTS;

  function enter(point: SeenPoint, detailOf: () => Detail): Stretch<Detail> | undefined {
    candidate ??= { first: point, detail: detailOf(), bad: 0 };
    candidate.bad += 1;
    if (candidate.bad < enterPoints) {
      return undefined;
    }
    open = { ...candidate, last: point, confirmed: point, calm: 0 };
    stretches.push(open);
    candidate = undefined;
    return open;
  }

  return {
    bad(point, detailOf) {
      if (open === undefined) {
        return enter(point, detailOf);
      }
      return Object.assign(open, { last: point, calm: 0, bad: open.bad + 1 });
    },
    between(point) {
      candidate = undefined;
      return open === undefined ? undefined : Object.assign(open, { last: point, calm: 0 });
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
    all: () => stretches,
    isOver,
    endOf: (stretch) => (isOver(stretch) ? stretch.last.step : null),
  };
}
