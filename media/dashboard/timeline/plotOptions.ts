import type uPlot from "uplot";
import { evenTicks, formatTick, isAtEdge, logTicks } from "../../charts/axis.ts";
import type { AxisRange } from "../../charts/axis.ts";
import { formatPlace, ROUND_COUNTS, ROUND_SECONDS } from "../../charts/horizontal.ts";
import type { Horizontal } from "../../charts/horizontal.ts";
import type { Theme } from "../../shared/theme.ts";
import { GUTTER_HEIGHT } from "./paint/gutters.ts";
import type { PanelStyle } from "./roles.ts";

export interface PlotSetup {
  readonly style: PanelStyle;
  readonly theme: Theme;
  readonly width: number;
  /** The lowest panel carries the step labels for all. */
  readonly hasStepLabels: boolean;
  /** What the horizontal axis counts. */
  readonly unit: Horizontal["unit"];
  readonly valueRange: () => AxisRange;
  readonly hooks: uPlot.Hooks.Arrays;
}

/** Width of the value axis, the same in every panel so that the steps line up. */
export const VALUE_AXIS_WIDTH = 58;
const STEP_AXIS_HEIGHT = 22;
/** Room for the label of the clip threshold, in CSS pixels. */
export const RIGHT_MARGIN = 46;
/** Distance between two value labels on a linear axis, in CSS pixels. */
const LABEL_DISTANCE = 34;
/** A label nearer to a gutter would touch the gutter's own, in CSS pixels. */
const EDGE_LABEL = 7;
const SYNC_KEY = "gradlens.steps";

/** uPlot draws axes, grid and cursor; the data is painted by this room's own hooks, which know about gaps. */
export function plotOptions(setup: PlotSetup): uPlot.Options {
  const { style, hasStepLabels, width } = setup;
  const gutters = guttersOf(style);
  return {
    width,
    height: plotHeight(style, hasStepLabels),
    padding: [style.gutters === "none" ? 6 : 2, RIGHT_MARGIN, hasStepLabels ? 0 : 4, 0],
    legend: { show: false },
    cursor: cursorOptions(),
    scales: {
      x: { time: false, range: (_, min, max) => [min, max] },
      y: { distr: style.isLog ? 3 : 1, range: () => [setup.valueRange().min, setup.valueRange().max] },
    },
    series: [{}, { points: { show: false }, paths: () => null }],
    axes: [...gutters, stepAxis(setup), valueAxis(setup)],
    hooks: setup.hooks,
  };
}

function plotHeight(style: PanelStyle, hasStepLabels: boolean): number {
  const edges = style.gutters === "none" ? 6 : guttersOf(style).length * GUTTER_HEIGHT + 2;
  return style.height + edges + (hasStepLabels ? STEP_AXIS_HEIGHT : 4);
}

function guttersOf({ gutters }: PanelStyle): uPlot.Axis[] {
  const sides: Readonly<Record<PanelStyle["gutters"], readonly uPlot.Axis.Side[]>> = {
    both: [2, 0],
    above: [0],
    none: [],
  };
  return sides[gutters].map(gutter);
}

/** An axis without anything on it keeps room for a strip between the scale and the labels. */
function gutter(side: uPlot.Axis.Side): uPlot.Axis {
  return {
    scale: "x",
    side,
    size: GUTTER_HEIGHT,
    gap: 0,
    values: (_, splits) => splits.map(() => null),
    grid: { show: false },
    ticks: { show: false },
  };
}

function stepAxis({ theme, hasStepLabels, unit }: PlotSetup): uPlot.Axis {
  const grid = { stroke: theme.grid, width: 1 };
  return {
    scale: "x",
    side: 2,
    size: hasStepLabels ? STEP_AXIS_HEIGHT : 0,
    gap: 4,
    space: 64,
    font: theme.font,
    stroke: theme.muted,
    values: (_, splits) => splits.map((value) => (hasStepLabels ? formatPlace(unit, value) : null)),
    incrs: [...(unit === "time" ? ROUND_SECONDS : ROUND_COUNTS)],
    grid,
    ticks: { show: hasStepLabels, stroke: theme.grid, width: 1, size: 4 },
  };
}

function valueAxis({ style, theme, valueRange }: PlotSetup): uPlot.Axis {
  const edge = EDGE_LABEL / style.height;
  const wanted = Math.max(2, Math.floor(style.height / LABEL_DISTANCE));
  return {
    scale: "y",
    side: 3,
    size: VALUE_AXIS_WIDTH,
    gap: 4,
    font: theme.font,
    stroke: theme.muted,
    splits: () => [...(style.isLog ? logTicks(valueRange()).major : evenTicks(valueRange(), wanted))],
    filter: (_, splits) => splits,
    values: (_, splits) =>
      splits.map((value) => (style.isLog && isAtEdge(value, valueRange(), edge) ? null : formatTick(value))),
    grid: { stroke: theme.grid, width: 1 },
    ticks: { stroke: theme.grid, width: 1, size: 4 },
  };
}

function cursorOptions(): uPlot.Cursor {
  return {
    y: false,
    points: { show: false },
    drag: { x: false, y: false, setScale: false },
    sync: { key: SYNC_KEY, scales: ["x", null] },
    bind: { mousedown: ignore, mouseup: ignore, click: ignore, dblclick: ignore },
  };
}

/** Pointers are read by gestures.ts instead. */
function ignore(): null {
  return null;
}
