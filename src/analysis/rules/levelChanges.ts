import type { SeenPoint } from "../points/seenPoint.ts";
import { createWindow } from "../points/window.ts";
import type { Window } from "../points/window.ts";

const LEVEL_POINTS = 50;
// Older points are dropped now and then, not at every point.
const KEPT_POINTS = 10 * LEVEL_POINTS;
const NOTICEABLE = Math.log(1.5);

/** A place where the level of a series changed from one point to the next. */
export interface LevelChange {
  /** The first point on the new level. */
  readonly point: SeenPoint;
  readonly previous: SeenPoint;
  /** Ratio of the medians of 50 points after it and before it. */
  readonly ratio: number;
}

/** Finds where the medians of neighbouring 50 points differ by a factor of 1.5 or more, and the point between them. */
export function createLevelChanges(): { readonly push: (point: SeenPoint) => LevelChange | undefined } {
  const [older, recent] = [createWindow(LEVEL_POINTS), createWindow(LEVEL_POINTS)];
  let points: SeenPoint[] = [];
  let isChanging = false;
  return {
    push(point) {
      const leaving = recent.push(point.log);
      if (leaving !== undefined) {
        older.push(leaving);
      }
      points.push(point);
      const wasChanging = isChanging;
      isChanging = older.length() === LEVEL_POINTS && differ(older, recent);
      const found = wasChanging && !isChanging ? locate(points) : undefined;
      if (isChanging ? !wasChanging : points.length > KEPT_POINTS) {
        points = points.slice(-2 * LEVEL_POINTS);
      }
      return found;
    },
  };
}

/** By a noticeable factor; mostly found out without the medians. */
function differ(older: Window, recent: Window): boolean {
  const most = Math.max(recent.mostMedian() - older.leastMedian(), older.mostMedian() - recent.leastMedian());
  return most > NOTICEABLE && Math.abs((recent.median() ?? 0) - (older.median() ?? 0)) > NOTICEABLE;
}

/** The one split of the points that leaves the fewest of them on the wrong side of the middle between both levels. */
function locate(points: readonly SeenPoint[]): LevelChange | undefined {
  const [before, after] = [medianOf(points.slice(0, LEVEL_POINTS)), medianOf(points.slice(-LEVEL_POINTS))];
  const middle = (before + after) / 2;
  const isNew = ({ log }: SeenPoint): boolean => log > middle === after > before;
  let [wrong, fewest, split] = [points.filter((point) => !isNew(point)).length, Infinity, 0];
  for (const [index, point] of points.entries()) {
    if (wrong < fewest) {
      [fewest, split] = [wrong, index];
    }
    wrong += isNew(point) ? 1 : -1;
  }
  const [previous, first] = [points[split - 1], points[split]];
  if (previous === undefined || first === undefined) {
    return undefined;
  }
  const levels = [points.slice(Math.max(0, split - LEVEL_POINTS), split), points.slice(split, split + LEVEL_POINTS)];
  const [low, high] = levels.map(medianOf);
  return { point: first, previous, ratio: Math.exp((high ?? Number.NaN) - (low ?? Number.NaN)) };
}

function medianOf(points: readonly SeenPoint[]): number {
  const window = createWindow(Math.max(1, points.length));
  points.forEach(({ log }) => window.push(log));
  return window.median() ?? Number.NaN;
}
