import type { Points } from "../../charts/segments.ts";
import { smooth } from "../../charts/smooth.ts";

/** Smooths whole lines, and remembers each until it grows or another smoothing is asked for. */
export interface Smoother {
  /** Undefined without smoothing. */
  readonly smooth: (points: Points, weight: number, isLog: boolean) => Points | undefined;
}

interface Known {
  readonly weight: number;
  readonly length: number;
  readonly last: number;
  readonly smoothed: Points;
}

export function createSmoother(): Smoother {
  const known = new WeakMap<object, Known>();
  return {
    smooth(points, weight, isLog) {
      if (weight === 0 || points.blocks === undefined) {
        return undefined;
      }
      const { length } = points.steps;
      const last = points.steps.at(-1) ?? Number.NaN;
      const before = known.get(points.blocks); // Each curve has blocks of its own.
      if (before?.weight === weight && before.length === length && before.last === last) {
        return before.smoothed;
      }
      const smoothed = smooth(points, weight, isLog);
      known.set(points.blocks, { weight, length, last, smoothed });
      return smoothed;
    },
  };
}
