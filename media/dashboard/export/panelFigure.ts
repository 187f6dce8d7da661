import { evenTicks, logTicks } from "../../charts/axis.ts";
import { axisName } from "../../charts/axisName.ts";
import type { AxisRange, Ticks } from "../../charts/axis.ts";
import { formatPlace, roundTicks } from "../../charts/horizontal.ts";
import type { Points } from "../../charts/segments.ts";
import type { Theme } from "../../shared/theme.ts";
import {
  AXIS_HEIGHT,
  AXIS_WIDTH,
  horizontalAxis,
  linearScale,
  logScale,
  round,
  verticalAxis,
} from "../../vector/frame.ts";
import type { Frame, Scale } from "../../vector/frame.ts";
import { linePath } from "../../vector/line.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import { colourOf } from "../timeline/paint/panel.ts";
import type { PanelSpec } from "../timeline/panelSet.ts";
import { DASHES } from "../timeline/roles.ts";
import type { PanelStyle } from "../timeline/roles.ts";
import { drawnLines, valueRange } from "../timeline/scene.ts";
import type { DrawnLine, Scene, SceneLine } from "../timeline/scene.ts";
import { bandFigure, episodes, levels, medianFigure, rules, shades, spikes } from "./panelBackground.ts";
import { GUTTER, gutterFigure } from "./panelGutters.ts";
import { panelLegend } from "./panelLegend.ts";

export interface PanelPlace {
  /** What no other panel of a document is called. */
  readonly id: string;
  readonly top: number;
  readonly width: number;
  readonly theme: Theme;
}

const [TITLE, RIGHT] = [18, 60];
const TICK_DISTANCE = 34;
const STEP_LABEL_DISTANCE = 90;
const SUPERSEDED_OPACITY = 0.5;
/** The logged line behind its smoothed one. */
const RAW_OPACITY = 0.35;

/** Height of a panel with all around it. */
export function panelHeight({ height, gutters }: PanelStyle): number {
  return TITLE + height + (gutters === "none" ? 0 : GUTTER) + (gutters === "both" ? GUTTER : 0) + AXIS_HEIGHT;
}

/** One panel as a vector picture: everything that it shows on screen but the cursor. */
export function panelFigure({ style, scene }: PanelSpec, place: PanelPlace): readonly SvgNode[] {
  const { id: clip, theme, top, width } = place;
  const drawn = drawnLines(scene, Math.max(1, Math.round(width - AXIS_WIDTH - RIGHT)), style.isLog);
  const values = valueRange(drawn, scene, style.isLog);
  const ofStep = stepScale(scene, width);
  const frame = frameOf(style, values, { top, width, x: ofStep.step });
  const inside = (children: readonly SvgNode[]): SvgNode => svg("g", { "clip-path": `url(#${clip})` }, children);
  return [
    svg("clipPath", { id: clip }, [
      svg("rect", { x: frame.left, y: frame.top, width: round(frame.width), height: frame.height }),
    ]),
    ...panelLegend({ style, scene }, { x: AXIS_WIDTH, y: top + 8, theme }),
    inside([...shades(scene, frame, theme), ...episodes(scene, frame, theme), ...bandFigure(scene, frame, theme)]),
    ...verticalAxis(frame, valueTicks(style, values), { theme }),
    ...placeAxis(scene, { ...frame, x: ofStep.place }, { theme, below: style.gutters === "both" ? GUTTER : 0 }),
    ...rules(scene, frame, { theme, hasLabels: style.isNorm }),
    inside([
      ...scene.lines.flatMap((line, index) => lineFigure(frame, line, { drawn: drawn[index], style, theme })),
      ...medianFigure(scene, frame, theme),
    ]),
    ...levels(scene, frame, { theme, values }),
    ...(style.isNorm ? spikes(scene, frame, theme) : []),
    ...(style.gutters === "none" ? [] : gutterFigure(scene, frame, { theme, hasBelow: style.gutters === "both" })),
  ];
}

/** From a step, and from what the axis counts, to a pixel. */
function stepScale({ range, horizontal }: Scene, width: number): { readonly step: Scale; readonly place: Scale } {
  const { fromStep, toStep } = horizontal;
  const place = linearScale({ min: fromStep(range.min), max: fromStep(range.max) }, AXIS_WIDTH, width - RIGHT);
  return {
    place,
    step: { toPixel: (step) => place.toPixel(fromStep(step)), toValue: (pixel) => toStep(place.toValue(pixel)) },
  };
}

function frameOf(
  style: PanelStyle,
  values: AxisRange,
  { top: above, width, x }: { readonly top: number; readonly width: number; readonly x: Scale },
): Frame {
  const top = above + TITLE + (style.gutters === "none" ? 0 : GUTTER);
  const bottom = top + style.height;
  const y = style.isLog ? logScale(values, bottom, top) : linearScale(values, bottom, top);
  return { left: AXIS_WIDTH, top, width: width - RIGHT - AXIS_WIDTH, height: style.height, x, y };
}

function placeAxis(
  { range, horizontal }: Scene,
  frame: Frame,
  { theme, below }: { readonly theme: Theme; readonly below: number },
): readonly SvgNode[] {
  const { unit, fromStep } = horizontal;
  const wanted = Math.max(2, Math.floor(frame.width / STEP_LABEL_DISTANCE));
  const major = roundTicks(unit, { min: fromStep(range.min), max: fromStep(range.max) }, wanted);
  return horizontalAxis(
    frame,
    { major, minor: [] },
    { theme, below, format: (value) => formatPlace(unit, value), name: axisName(unit) },
  );
}

function valueTicks({ isLog, height }: PanelStyle, values: AxisRange): Ticks {
  return isLog
    ? logTicks(values)
    : { major: evenTicks(values, Math.max(2, Math.floor(height / TICK_DISTANCE))), minor: [] };
}

function lineFigure(
  frame: Frame,
  line: SceneLine,
  { drawn, style, theme }: { readonly drawn: DrawnLine | undefined; readonly style: PanelStyle; readonly theme: Theme },
): readonly SvgNode[] {
  if (drawn === undefined) {
    return [];
  }
  const stroke = colourOf({ theme }, line, style);
  const dash = (DASHES[line.slot % DASHES.length] ?? []).join(" ");
  const path = (points: Points, more: SvgNode["attributes"]): SvgNode =>
    svg("path", { d: linePath(frame, points), fill: "none", stroke, "stroke-width": theme.lineWidth, ...more });
  const { superseded, smoothed, current } = drawn;
  return [
    ...superseded.map((old) => path(old, { "stroke-width": 1, opacity: SUPERSEDED_OPACITY, "stroke-dasharray": dash })),
    ...(smoothed === undefined
      ? [path(current, { "stroke-dasharray": dash })]
      : [
          path(current, { "stroke-width": 1, opacity: RAW_OPACITY }),
          path(smoothed, { "stroke-width": theme.lineWidth * 1.4, "stroke-dasharray": dash }),
        ]),
  ];
}
