import { formatTick } from "../charts/axis.ts";
import type { AxisRange, Ticks } from "../charts/axis.ts";
import type { Theme } from "../shared/theme.ts";
import { svg } from "./node.ts";
import type { SvgNode } from "./node.ts";

/** A plotting area and the way from data to it, in CSS pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
}

/** From a value to a pixel, and back. */
export interface Scale {
  readonly toPixel: (value: number) => number;
  readonly toValue: (pixel: number) => number;
}

export function linearScale({ min, max }: AxisRange, from: number, to: number): Scale {
  return {
    toPixel: (value) => from + ((value - min) / (max - min)) * (to - from),
    toValue: (pixel) => min + ((pixel - from) / (to - from)) * (max - min),
  };
}

export function logScale({ min, max }: AxisRange, from: number, to: number): Scale {
  const logs = linearScale({ min: Math.log(min), max: Math.log(max) }, from, to);
  return {
    toPixel: (value) => logs.toPixel(Math.log(value)),
    toValue: (pixel) => Math.exp(logs.toValue(pixel)),
  };
}

export interface AxisStyle {
  readonly theme: Theme;
  readonly format?: (value: number) => string;
  /** What stands between the plotting area and the labels of its horizontal axis. */
  readonly below?: number;
  /** What a horizontal axis counts, said at the left of its labels. */
  readonly name?: string;
}

/** Room for the labels of a vertical axis, and of a horizontal one. */
export const AXIS_WIDTH = 58;
export const AXIS_HEIGHT = 22;
/** A label nearer to an end of the vertical axis would touch what is beyond, and one this near to another, that. */
const [LABEL_HEIGHT, LABEL_WIDTH] = [12, 46];

export function verticalAxis(
  frame: Frame,
  ticks: Ticks,
  { theme, format = formatTick }: AxisStyle,
): readonly SvgNode[] {
  const { left, width, y } = frame;
  const line = (value: number, opacity: number): SvgNode =>
    svg("path", {
      d: `M${left} ${crisp(y.toPixel(value))}h${round(width)}`,
      stroke: theme.grid,
      "stroke-opacity": opacity,
    });
  const labels = spaced(ticks.major, y, LABEL_HEIGHT).map((value) =>
    label(format(value), { x: left - 8, y: y.toPixel(value), theme, anchor: "end" }),
  );
  return [...ticks.minor.map((value) => line(value, 0.45)), ...ticks.major.map((value) => line(value, 1)), ...labels];
}

export function horizontalAxis(
  frame: Frame,
  ticks: Ticks,
  { theme, format = formatTick, below = 0, name = "" }: AxisStyle,
): readonly SvgNode[] {
  const { left, top, height, x } = frame;
  const y = top + height + below + 12;
  const line = (value: number, opacity: number): SvgNode =>
    svg("path", {
      d: `M${crisp(x.toPixel(value))} ${top}v${round(height)}`,
      stroke: theme.grid,
      "stroke-opacity": opacity,
    });
  const labels = spaced(ticks.major, x, LABEL_WIDTH).map((value) =>
    label(format(value), { x: x.toPixel(value), y, theme, anchor: "middle" }),
  );
  const lines = [...ticks.minor.map((value) => line(value, 0.45)), ...ticks.major.map((value) => line(value, 1))];
  return [
    ...lines,
    ...labels,
    ...(name === "" ? [] : [label(name, { x: left - AXIS_WIDTH, y, theme, anchor: "start" })]),
  ];
}

export interface LabelStyle {
  readonly x: number;
  readonly y: number;
  readonly theme: Theme;
  readonly anchor: "start" | "middle" | "end";
  readonly colour?: string;
}

export function label(text: string, { x, y, theme, anchor, colour }: LabelStyle): SvgNode {
  const attributes = {
    x: round(x),
    y: round(y),
    fill: colour ?? theme.muted,
    "text-anchor": anchor,
    "dominant-baseline": "central",
    "font-family": theme.font.replace(/^\S+\s/, ""),
    "font-size": 11,
  };
  return svg("text", attributes, [text]);
}

/** Two decimals are more than a screen or a printer shows. */
export function round(pixel: number): number {
  return Math.round(pixel * 100) / 100;
}

/** In the middle of a pixel, so that a thin line is not blurred. */
function crisp(pixel: number): number {
  return Math.round(pixel) + 0.5;
}

/** Values whose labels do not touch the one before. */
function spaced(values: readonly number[], scale: Scale, distance: number): readonly number[] {
  const kept: number[] = [];
  for (const value of values) {
    const before = kept.at(-1);
    if (before === undefined || Math.abs(scale.toPixel(value) - scale.toPixel(before)) >= distance) {
      kept.push(value);
    }
  }
  return kept;
}
