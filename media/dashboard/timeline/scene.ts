import type { Axis } from "#core/series.ts";
import type { Finding } from "#core/finding.ts";
import { linearRange, logRange } from "../../charts/axis.ts";
import type { AxisRange } from "../../charts/axis.ts";
import { decimate, LOWEST_ON_LINEAR, LOWEST_ON_LOG } from "../../charts/decimate.ts";
import type { Polyline, Window } from "../../charts/decimate.ts";
import type { OffScale } from "../../charts/gutters.ts";
import type { Horizontal } from "../../charts/horizontal.ts";
import type { Curve, Points } from "../../charts/segments.ts";
import type { StepRange } from "../../charts/viewport.ts";

/** One line of a panel. */
export interface SceneLine {
  readonly name: string;
  readonly curve: Curve;
  readonly off: OffScale;
  /** What findings about the line name as theirs; undefined where they are about another. */
  readonly judgedAs: Finding["tensor"] | undefined;
  /** 0 has the panel's own colour; each further one a colour and a dash of its own. */
  readonly slot: number;
  /** The smoothed line, drawn above the faint logged one; undefined where nothing is smoothed. */
  readonly smoothed: Points | undefined;
}

/** The line that a finding is about, where it is drawn. */
export function lineOf(finding: Finding, lines: readonly SceneLine[]): SceneLine | undefined {
  return lines.find(({ judgedAs }) => judgedAs === finding.tensor);
}

/** A horizontal line with a label at its right end. */
export interface Level {
  readonly value: number;
  readonly label: string;
}

/** A vertical line where something changed. */
export interface Rule {
  readonly step: number;
  readonly label: string;
}

/** Median and edges of what is usual, with NaN where that is not known. */
export interface Band {
  readonly steps: Float64Array;
  readonly median: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** What one panel shows at one zoom. */
export interface Scene {
  readonly lines: readonly SceneLine[];
  readonly range: StepRange;
  /** What the steps count, when it is not optimizer steps. */
  readonly axis: Axis | undefined;
  readonly horizontal: Horizontal;
  readonly findings: readonly Finding[];
  readonly chosen: Finding | undefined;
  readonly levels: readonly Level[];
  readonly band: Band | undefined;
  /** Steps of the warm-up. */
  readonly shaded: readonly StepRange[];
  readonly rules: readonly Rule[];
  /** Values that the axis shows in any case. */
  readonly shared: AxisRange | undefined;
}

/** A line reduced to what the pixels can show. */
export interface DrawnLine {
  readonly current: Polyline;
  readonly superseded: readonly Polyline[];
  readonly smoothed: Polyline | undefined;
}

/** A level widens the axis only when the curve is within this factor of it. */
const LEVEL_REACH = 30;

export function drawnLines(scene: Scene, columns: number, isLog: boolean): readonly DrawnLine[] {
  const window = windowOf(scene, columns);
  const lowest = isLog ? LOWEST_ON_LOG : LOWEST_ON_LINEAR;
  return scene.lines.map(({ curve, smoothed }) => ({
    current: decimate(curve.current(), window, lowest),
    superseded: curve
      .superseded()
      .filter(isIn(scene.range))
      .map((points) => decimate(points, window, lowest)),
    smoothed: smoothed && decimate(smoothed, window, lowest),
  }));
}

export function valueRange(drawn: readonly DrawnLine[], scene: Scene, isLog: boolean): AxisRange {
  let low = scene.shared?.min ?? Infinity;
  let high = scene.shared?.max ?? -Infinity;
  for (const line of drawn.flatMap(({ current, superseded }) => [current, ...superseded])) {
    low = Math.min(low, line.low);
    high = Math.max(high, line.high);
  }
  if (!isLog) {
    return linearRange(low, high);
  }
  const near = scene.levels.map(({ value }) => value).filter(isNear(low, high));
  return logRange(Math.min(low, ...near), Math.max(high, ...near));
}

/** Equal columns of pixels are equal stretches of the axis, which need not be equal numbers of steps. */
function windowOf({ range, horizontal }: Scene, columns: number): Window {
  if (horizontal.unit === "step") {
    return { ...range, columns };
  }
  const from = horizontal.fromStep(range.min);
  const width = (horizontal.fromStep(range.max) - from) / columns;
  return { ...range, columns, edgeOf: (column) => horizontal.toStep(from + column * width) };
}

function isNear(low: number, high: number): (value: number) => boolean {
  return (value) => value > low / LEVEL_REACH && value < high * LEVEL_REACH;
}

function isIn(range: StepRange): (points: { steps: Float64Array }) => boolean {
  return ({ steps }) => (steps[0] ?? Infinity) <= range.max && (steps.at(-1) ?? -Infinity) >= range.min;
}
