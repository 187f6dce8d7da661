import { createBaseline } from "./baseline.ts";
import type { SeenPoint } from "./rule.ts";
import { WARM_UP_POINTS } from "./warmUp.ts";
import { createWindow } from "./window.ts";

const RECENT_POINTS = 25;

/** The level of a series now and before, as medians of ln‖g‖: of the last 25 points, and of the 200 before them. */
export interface Levels {
  readonly push: (point: SeenPoint) => void;
  readonly areFilled: () => boolean;
  readonly recent: () => number;
  readonly older: () => number;
  /** Spread of the older points. */
  readonly spread: () => number;
  /** The first of the recent points that lies further from the older level than this, and whether it is the oldest. */
  readonly onset: (sign: 1 | -1, distance: number) => { readonly onset: SeenPoint; readonly isOldest: boolean };
}

export function createLevels(): Levels {
  const older = createBaseline();
  const recent = createWindow(RECENT_POINTS);
  const points: SeenPoint[] = [];
  let pushed = 0;
  const olderLevel = (): number => older.median() ?? Number.NaN;
  return {
    push(point) {
      const leaving = recent.push(point.log);
      if (leaving !== undefined) {
        older.push(leaving);
      }
      points[pushed % RECENT_POINTS] = point;
      pushed += 1;
    },
    areFilled: () => recent.length() === RECENT_POINTS && older.length() >= WARM_UP_POINTS,
    recent: () => recent.median() ?? Number.NaN,
    older: olderLevel,
    spread: older.spread,
    onset(sign, distance) {
      const level = olderLevel();
      const oldest = pushed % RECENT_POINTS;
      const inOrder = [...points.slice(oldest), ...points.slice(0, oldest)];
      const index = inOrder.findIndex(({ log }) => sign * (log - level) > distance);
      const onset = inOrder[Math.max(0, index)];
      if (onset === undefined) {
        throw new Error("Levels without points have no onset.");
      }
      return { onset, isOldest: index <= 0 };
    },
  };
}
