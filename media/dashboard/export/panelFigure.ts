import type { Finding } from "#core/finding.ts";
import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import { evenTicks, linearRange, logRange, logTicks } from "../../charts/axis.ts";
import type { AxisRange, Ticks } from "../../charts/axis.ts";
import { LOWEST_ON_LINEAR, LOWEST_ON_LOG, decimate } from "../../charts/decimate.ts";
import { markRuns } from "../../charts/gutters.ts";
import type { StepRange } from "../../charts/viewport.ts";
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
import { linePath } from "../../vector/line.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import type { Line, ShownRun } from "../run.ts";
import { DASHES } from "../timeline/roles.ts";
import type { PanelStyle } from "../timeline/roles.ts";

export interface PanelPlace {
  readonly top: number;
  readonly width: number;
  readonly range: StepRange;
  readonly theme: Theme;
}

const [TITLE, GUTTER, RIGHT, MARK] = [18, 16, 60, 3.5];
const TICK_DISTANCE = 34;
const STEP_LABEL_DISTANCE = 90;

/** Height of a panel with all around it. */
export function panelHeight({ height, gutters }: PanelStyle): number {
  return TITLE + height + (gutters === "none" ? 0 : GUTTER) + (gutters === "both" ? GUTTER : 0) + AXIS_HEIGHT;
}

/** One panel of the timeline as a vector picture: the run's own lines, its gutters, spikes and clip threshold. */
export function panelFigure(
  style: PanelStyle,
  { run, lines }: { readonly run: ShownRun; readonly lines: readonly Line[] },
  place: PanelPlace,
): readonly SvgNode[] {
  const { theme, width, range } = place;
  const plot = AXIS_WIDTH + RIGHT;
  const columns = Math.max(1, Math.round(width - plot));
  const lowest = style.isLog ? LOWEST_ON_LOG : LOWEST_ON_LINEAR;
  const drawn = lines.map(({ curve }) => decimate(curve.current(), { ...range, columns }, lowest));
  const values = valuesOf(style, drawn, run);
  const frame = frameOf(style, values, place);
  const colour = theme.data[style.colour];
  const names = lines.map(({ name }) => name).join(", ");
  return [
    label(`${style.title}  ${names}`, {
      x: AXIS_WIDTH,
      y: place.top + 8,
      theme,
      anchor: "start",
      colour: theme.foreground,
    }),
    ...verticalAxis(frame, valueTicks(style, values), { theme }),
    ...horizontalAxis(frame, stepTicks(range, frame), {
      theme,
      format: (step) => step.toLocaleString("en"),
      below: style.gutters === "both" ? GUTTER : 0,
    }),
    ...drawn.map((line, index) =>
      svg("path", {
        d: linePath(frame, line),
        fill: "none",
        stroke: colour,
        "stroke-width": theme.lineWidth,
        "stroke-dasharray": (DASHES[index % DASHES.length] ?? []).join(" "),
        "clip-path": `url(#panel-${place.top})`,
      }),
    ),
    svg("clipPath", { id: `panel-${place.top}` }, [
      svg("rect", { x: frame.left, y: frame.top, width: round(frame.width), height: frame.height }),
    ]),
    ...(style.isNorm ? thresholdLevel(run, frame, values, theme) : []),
    ...(style.isNorm ? spikes(run.findings, frame, place) : []),
    ...(style.gutters === "none"
      ? []
      : gutterMarks({ line: lines[0], hasBelow: style.gutters === "both" }, frame, place)),
  ];
}

function valuesOf(
  { isLog, isNorm }: PanelStyle,
  drawn: readonly { readonly low: number; readonly high: number }[],
  { clipThreshold }: ShownRun,
): AxisRange {
  const limit = isNorm && clipThreshold !== null && clipThreshold.value > 0 ? [clipThreshold.value] : [];
  const low = Math.min(...drawn.map((line) => line.low), ...limit);
  const high = Math.max(...drawn.map((line) => line.high), ...limit);
  return isLog ? logRange(low, high) : linearRange(low, high);
}

function frameOf(style: PanelStyle, values: AxisRange, { top: above, width, range }: PanelPlace): Frame {
  const top = above + TITLE + (style.gutters === "none" ? 0 : GUTTER);
  const [left, right, bottom] = [AXIS_WIDTH, width - RIGHT, top + style.height];
  const y = style.isLog ? logScale(values, bottom, top) : linearScale(values, bottom, top);
  return { left, top, width: right - left, height: style.height, x: linearScale(range, left, right), y };
}

function valueTicks({ isLog, height }: PanelStyle, values: AxisRange): Ticks {
  return isLog
    ? logTicks(values)
    : { major: evenTicks(values, Math.max(2, Math.floor(height / TICK_DISTANCE))), minor: [] };
}

function stepTicks(range: StepRange, { width }: Frame): Ticks {
  return { major: evenTicks(range, Math.max(2, Math.floor(width / STEP_LABEL_DISTANCE))), minor: [] };
}

function thresholdLevel(
  { clipThreshold }: ShownRun,
  { left, width, y }: Frame,
  { min, max }: AxisRange,
  theme: Theme,
): readonly SvgNode[] {
  const value = clipThreshold?.value ?? 0;
  if (!(value >= min && value <= max)) {
    return [];
  }
  const at = round(y.toPixel(value));
  return [
    svg("path", { d: `M${left} ${at}h${round(width)}`, stroke: theme.foreground, "stroke-dasharray": "6 4" }),
    label(t("clip {0}", formatNumber(value)), {
      x: left + width + 4,
      y: at,
      theme,
      anchor: "start",
      colour: theme.foreground,
    }),
  ];
}

/** ▲ above the peak of each spike of the global norm. */
function spikes(findings: readonly Finding[], { top, x, y }: Frame, { theme, range }: PanelPlace): readonly SvgNode[] {
  return findings
    .filter(({ rule, tensor, peak }) => rule === "GN201" && tensor === null && peak >= range.min && peak <= range.max)
    .map(({ peak, value, message }) => {
      const [at, above] = [round(x.toPixel(peak)), round(Math.max(top + 2, y.toPixel(value) - 13))];
      const d = `M${at} ${above}l5 8h-10Z`;
      return svg("path", { d, fill: theme.data.spike, stroke: theme.background }, [svg("title", {}, [message])]);
    });
}

/** ✕ above the scale for NaN and ±Inf, ○ below it for zero, ▽ for less. */
function gutterMarks(
  { line, hasBelow }: { readonly line: Line | undefined; readonly hasBelow: boolean },
  frame: Frame,
  { theme, range }: PanelPlace,
): readonly SvgNode[] {
  const { left, top, width, height, x } = frame;
  const [above, below] = [top - GUTTER / 2, top + height + GUTTER / 2];
  const gap = (range.max - range.min) / Math.max(1, width / 5);
  const marksOf = (steps: Float64Array): readonly number[] =>
    markRuns(steps, { ...range, gap }).flatMap(({ first, last }) => (first === last ? [first] : [first, last]));
  const cross = (step: number): string => {
    const at = round(x.toPixel(step));
    return `M${at - MARK} ${above - MARK}l7 7M${at - MARK} ${above + MARK}l7 -7`;
  };
  const circle = (step: number): string =>
    `M${round(x.toPixel(step)) + MARK} ${below}a3.5 3.5 0 1 0 -7 0a3.5 3.5 0 1 0 7 0`;
  const triangle = (step: number): string => `M${round(x.toPixel(step))} ${below + MARK}l3.5 -6h-7Z`;
  const off = line?.off;
  const strip = (y: number): SvgNode =>
    svg("rect", {
      x: left,
      y: y - GUTTER / 2 + 1,
      width: round(width),
      height: GUTTER - 2,
      fill: theme.grid,
      "fill-opacity": 0.55,
    });
  const gutter = (name: string, y: number): readonly SvgNode[] => [
    strip(y),
    label(name, { x: left - 8, y, theme, anchor: "end" }),
  ];
  const nonFinite = path(off === undefined ? "" : marksOf(off.nonFinite).map(cross).join(""), theme.data.nonFinite);
  if (!hasBelow) {
    return [...gutter("NaN/Inf", above), nonFinite];
  }
  return [
    ...gutter("NaN/Inf", above),
    nonFinite,
    ...gutter("≤ 0", below),
    path(off === undefined ? "" : marksOf(off.zero).map(circle).join(""), theme.data.zero),
    path(off === undefined ? "" : marksOf(off.negative).map(triangle).join(""), theme.data.nonFinite),
  ];
}

function path(d: string, colour: string): SvgNode {
  return svg("path", { d, fill: "none", stroke: colour, "stroke-width": 1.5 });
}
