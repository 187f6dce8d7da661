import { createBaseline } from "./baseline.ts";
import { WARM_UP_POINTS } from "./warmUp.ts";
import { createWindow } from "./window.ts";

const RECENT_POINTS = 25;

/** The level of a series now and before, as medians of ln‖g‖: of the last 25 points, and of the 200 before them. */
export interface Levels {
  readonly push: (step: number, log: number) => void;
  readonly areFilled: () => boolean;
  /** Whether they differ by less than this; mostly found out without the medians. */
  readonly areWithin: (distance: number) => boolean;
  readonly recent: () => number;
  readonly older: () => number;
  /** Spread of the older points. */
  readonly spread: () => number;
  /** The step of the first of the recent points that lies further from the older level than this, and whether it is the oldest. */
  readonly onset: (sign: 1 | -1, distance: number) => { readonly step: number; readonly isOldest: boolean };
}

export function createLevels(): Levels {
  const older = createBaseline();
  const recent = createWindow(RECENT_POINTS);
  const steps = new Float64Array(RECENT_POINTS);
  const logs = new Float64Array(RECENT_POINTS);
  let slot = 0;
  let isFilled = false;
  const recentLevel = (): number => recent.median() ?? Number.NaN;
  const olderLevel = (): number => older.median() ?? Number.NaN;

  function areWithin(distance: number): boolean {
    if (recent.mostMedian() - older.leastMedian() < distance && older.mostMedian() - recent.leastMedian() < distance) {
      return true;
    }
    const level = recentLevel();
    const isNear = level - older.leastMedian() < distance && older.mostMedian() - level < distance;
    return isNear || Math.abs(level - olderLevel()) < distance;
  }

  return {
    push(step, log) {
      const leaving = recent.push(log);
      if (leaving !== undefined) {
        older.push(leaving);
      }
      steps[slot] = step;
      logs[slot] = log;
      slot = slot + 1 === RECENT_POINTS ? 0 : slot + 1;
      isFilled ||= older.length() >= WARM_UP_POINTS;
    },
    areFilled: () => isFilled,
    areWithin,
    recent: recentLevel,
    older: olderLevel,
    spread: older.spread,
    onset(sign, distance) {
      const level = olderLevel();
      const inOrder = Array.from(steps.keys(), (place) => (slot + place) % RECENT_POINTS);
      const index = inOrder.findIndex((at) => sign * ((logs[at] ?? level) - level) > distance);
      return { step: steps[inOrder[Math.max(0, index)] ?? 0] ?? Number.NaN, isOldest: index <= 0 };
    },
  };
}
