import { formatNumber } from "#core/format.ts";
import { wholeTicks, logTicks } from "../../charts/axis.ts";
import { LOWEST_ON_LOG, decimate } from "../../charts/decimate.ts";
import type { Points } from "../../charts/segments.ts";
import { axisName } from "../../charts/axisName.ts";
import type { Theme } from "../../shared/theme.ts";
import {
  AXIS_HEIGHT,
  AXIS_WIDTH,
  horizontalAxis,
  label,
  linearScale,
  logScale,
  round,
  verticalAxis,
} from "../../vector/frame.ts";
import type { Frame } from "../../vector/frame.ts";
import { areaPath, linePath } from "../../vector/line.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import type { NormHistory } from "./normHistory.ts";

const [TOP, RIGHT] = [8, 46];
export const HISTORY_HEIGHT = 190;
const STEP_LABEL_DISTANCE = 90;

export function historyFrame({ steps, range }: NormHistory, width: number): Frame {
  const [left, right, bottom] = [AXIS_WIDTH, width - RIGHT, HISTORY_HEIGHT - AXIS_HEIGHT];
  return {
    left,
    top: TOP,
    width: right - left,
    height: bottom - TOP,
    x: linearScale(stepRange(steps), left, right),
    y: logScale(range, bottom, TOP),
  };
}

/** The norms that count, step by step. What is filled is what a clip-path `clipId` lets through: the part that is cut. */
export function historyFigure(
  history: NormHistory,
  frame: Frame,
  { theme, clipId }: { readonly theme: Theme; readonly clipId: string },
): readonly SvgNode[] {
  const points = decimated(history, frame);
  const steps = stepRange(history.steps);
  const stepTicks = { major: wholeTicks(steps, Math.max(2, Math.floor(frame.width / STEP_LABEL_DISTANCE))), minor: [] };
  const colour = theme.data.globalNorm;
  return [
    ...verticalAxis(frame, logTicks(history.range), { theme }),
    ...horizontalAxis(frame, stepTicks, {
      theme,
      format: (step) => step.toLocaleString("en"),
      name: axisName("step"),
    }),
    svg("path", { d: linePath(frame, points), fill: "none", stroke: colour, "stroke-width": theme.lineWidth }),
    svg("path", {
      d: areaPath(frame, points),
      fill: theme.data.spike,
      "fill-opacity": 0.55,
      stroke: theme.data.spike,
      "stroke-width": theme.lineWidth,
      "clip-path": `url(#${clipId})`,
    }),
  ];
}

/** The part of the plot above the threshold; moving it is all that a drag changes here. */
export function cutRegion(frame: Frame, threshold: number): SvgNode {
  const { left, top, width } = frame;
  return svg("rect", {
    x: left,
    y: top,
    width: round(width),
    height: round(Math.max(0, levelOf(frame, threshold) - top)),
  });
}

export function thresholdLine(frame: Frame, threshold: number, theme: Theme): readonly SvgNode[] {
  const { left, width } = frame;
  const y = round(levelOf(frame, threshold));
  return [
    svg("path", {
      d: `M${left} ${y}h${round(width)}`,
      stroke: theme.foreground,
      "stroke-width": 2,
      "stroke-dasharray": "6 4",
    }),
    label(formatNumber(threshold), { x: left + width + 5, y, theme, anchor: "start", colour: theme.foreground }),
  ];
}

/** Another course of the global norm over the same steps, as after clipping per tensor. */
export function afterLine(frame: Frame, after: Points, theme: Theme): SvgNode {
  const d = linePath(frame, decimated(after, frame));
  return svg("path", { d, fill: "none", stroke: theme.data.loss, "stroke-width": theme.lineWidth + 0.5 });
}

function decimated(points: Points, { width }: Frame): Points {
  return decimate(points, { ...stepRange(points.steps), columns: Math.max(1, Math.round(width)) }, LOWEST_ON_LOG);
}

function levelOf({ top, height, y }: Frame, threshold: number): number {
  return Math.min(Math.max(y.toPixel(threshold), top), top + height);
}

function stepRange(steps: Float64Array): { readonly min: number; readonly max: number } {
  const [min, max] = [steps[0] ?? 0, steps.at(-1) ?? 1];
  return min < max ? { min, max } : { min: min - 0.5, max: max + 0.5 };
}
