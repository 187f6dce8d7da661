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
  let pushed = 0;
  const recentLevel = (): number => recent.median() ?? Number.NaN;
  const olderLevel = (): number => older.median() ?? Number.NaN;

  function areWithin(distance: number): boolean {
    const [least, most] = [older.leastMedian(), older.mostMedian()];
    const isWithin = (low: number, high: number): boolean => high - least < distance && most - low < distance;
    return (
      isWithin(recent.leastMedian(), recent.mostMedian()) ||
      isWithin(recentLevel(), recentLevel()) ||
      Math.abs(recentLevel() - olderLevel()) < distance
    );
  }

  return {
    push(step, log) {
      const leaving = recent.push(log);
      if (leaving !== undefined) {
        older.push(leaving);
      }
      steps[pushed % RECENT_POINTS] = step;
      logs[pushed % RECENT_POINTS] = log;
      pushed += 1;
    },
    areFilled: () => recent.length() === RECENT_POINTS && older.length() >= WARM_UP_POINTS,
    areWithin,
    recent: recentLevel,
    older: olderLevel,
    spread: older.spread,
    onset(sign, distance) {
      const level = olderLevel();
      const inOrder = Array.from(steps.keys(), (place) => (pushed + place) % RECENT_POINTS);
      const index = inOrder.findIndex((slot) => sign * ((logs[slot] ?? level) - level) > distance);
      return { step: steps[inOrder[Math.max(0, index)] ?? 0] ?? Number.NaN, isOldest: index <= 0 };
    },
  };
}
