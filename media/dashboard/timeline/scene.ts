import type { Finding } from "#core/finding.ts";
import type { ClipThreshold } from "#core/log.ts";
import { linearRange, logRange } from "../../charts/axis.ts";
import type { AxisRange } from "../../charts/axis.ts";
import { decimate, LOWEST_ON_LINEAR, LOWEST_ON_LOG } from "../../charts/decimate.ts";
import type { Polyline, Window } from "../../charts/decimate.ts";
import type { StepRange } from "../../charts/viewport.ts";
import type { Line } from "../run.ts";

/** What one panel shows at one zoom. */
export interface Scene {
  readonly lines: readonly Line[];
  readonly range: StepRange;
  readonly findings: readonly Finding[];
  readonly chosen: Finding | undefined;
  readonly clipThreshold: ClipThreshold | null;
}

/** A line reduced to what the pixels can show. */
export interface DrawnLine {
  readonly current: Polyline;
  readonly superseded: readonly Polyline[];
}

/** The threshold widens the axis only when the curve is within this factor of it. */
const THRESHOLD_REACH = 30;

export function drawnLines(scene: Scene, columns: number, isLog: boolean): readonly DrawnLine[] {
  const window: Window = { ...scene.range, columns };
  const lowest = isLog ? LOWEST_ON_LOG : LOWEST_ON_LINEAR;
  return scene.lines.map(({ curve }) => ({
    current: decimate(curve.current(), window, lowest),
    superseded: curve
      .superseded()
      .filter(isIn(scene.range))
      .map((points) => decimate(points, window, lowest)),
  }));
}

export function valueRange(drawn: readonly DrawnLine[], scene: Scene, isLog: boolean): AxisRange {
  let low = Infinity;
  let high = -Infinity;
  for (const line of drawn.flatMap(({ current, superseded }) => [current, ...superseded])) {
    low = Math.min(low, line.low);
    high = Math.max(high, line.high);
  }
  if (!isLog) {
    return linearRange(low, high);
  }
  const limit = scene.clipThreshold?.value ?? Number.NaN;
  const isNear = limit > low / THRESHOLD_REACH && limit < high * THRESHOLD_REACH;
  return isNear ? logRange(Math.min(low, limit), Math.max(high, limit)) : logRange(low, high);
}

function isIn(range: StepRange): (points: { steps: Float64Array }) => boolean {
  return ({ steps }) => (steps[0] ?? Infinity) <= range.max && (steps.at(-1) ?? -Infinity) >= range.min;
}
