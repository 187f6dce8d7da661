import type { SeenPoint } from "./rule.ts";

/** What a rule says of a point: as it should not be, still on the way back, as it should be, or nothing. */
export type Verdict = "bad" | "between" | "calm" | "unknown";

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

export interface Stretches<Detail> {
  /**
   * Returns the stretch that the point belongs to, or that it may be about to end. `detailOf` makes what the rule keeps
   * for a stretch; it is asked at the first of its points.
   */
  readonly push: (point: SeenPoint, verdict: Verdict, detailOf: () => Detail) => Stretch<Detail> | undefined;
  readonly all: () => readonly Stretch<Detail>[];
  readonly isOver: (stretch: Stretch<Detail>) => boolean;
}

// science: events closer than this merge.
const EXIT_POINTS = 10;

/** Hysteresis: a stretch opens after so many bad points with no other between them, and ends after ten calm ones. */
export function createStretches<Detail>(enterPoints = 1): Stretches<Detail> {
  const stretches: Stretch<Detail>[] = [];
  let candidate: { readonly first: SeenPoint; readonly detail: Detail; bad: number } | undefined;
  const isOver = ({ calm }: Stretch<Detail>): boolean => calm >= EXIT_POINTS;

  function enter(point: SeenPoint, detailOf: () => Detail): Stretch<Detail> | undefined {
    candidate ??= { first: point, detail: detailOf(), bad: 0 };
    candidate.bad += 1;
    if (candidate.bad < enterPoints) {
      return undefined;
    }
    const opened = { ...candidate, last: point, confirmed: point, calm: 0 };
    candidate = undefined;
    stretches.push(opened);
    return opened;
  }

  return {
    push(point, verdict, detailOf) {
      if (verdict === "unknown") {
        return undefined;
      }
      const newest = stretches.at(-1);
      if (newest !== undefined && !isOver(newest)) {
        Object.assign(newest, prolonged(newest, point, verdict));
        return newest;
      }
      if (verdict === "bad") {
        return enter(point, detailOf);
      }
      candidate = undefined;
      return undefined;
    },
    all: () => stretches,
    isOver,
  };
}

function prolonged<Detail>(
  { bad, calm }: Stretch<Detail>,
  point: SeenPoint,
  verdict: Verdict,
): Partial<Stretch<Detail>> {
  return verdict === "calm" ? { calm: calm + 1 } : { last: point, calm: 0, bad: verdict === "bad" ? bad + 1 : bad };
}
