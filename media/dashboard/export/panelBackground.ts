import type { AxisRange } from "../../charts/axis.ts";
import type { Theme } from "../../shared/theme.ts";
import { label, round } from "../../vector/frame.ts";
import type { Frame } from "../../vector/frame.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import { BAND_ALPHA, MEDIAN_ALPHA, RULE_ALPHA, SHADE_ALPHA } from "../timeline/paint/background.ts";
import { findingColour } from "../timeline/paint/findings.ts";
import { lineOf } from "../timeline/scene.ts";
import type { Scene } from "../timeline/scene.ts";
import { indexes, stretchesOf } from "../timeline/stretches.ts";

const EPISODE_OPACITY = 0.11;
const LEAST_EPISODE = 3;
/** A vector picture knows no width of a text; this is more than most letters have, in CSS pixels. */
const LETTER = 6.6;

/** The warm-up. */
export function shades({ shaded }: Scene, { top, height, x }: Frame, { foreground }: Theme): readonly SvgNode[] {
  return shaded.map(({ min, max }) =>
    svg("rect", {
      x: round(x.toPixel(min)),
      y: top,
      width: Math.max(0, round(x.toPixel(max) - x.toPixel(min))),
      height,
      fill: foreground,
      "fill-opacity": SHADE_ALPHA,
    }),
  );
}

/** The steps of each finding. */
export function episodes({ findings, range }: Scene, { top, height, x }: Frame, theme: Theme): readonly SvgNode[] {
  return findings
    .filter(({ start, end }) => start <= range.max && (end ?? range.max) >= range.min)
    .map((finding) => {
      const [from, to] = [x.toPixel(finding.start), x.toPixel(finding.end ?? range.max)];
      const width = Math.max(LEAST_EPISODE, to - from);
      const attributes = { x: round((from + to - width) / 2), y: top, width: round(width), height };
      return svg("rect", { ...attributes, fill: findingColour(finding, theme), "fill-opacity": EPISODE_OPACITY });
    });
}

/** What is usual, from its low to its high edge. */
export function bandFigure({ band, range }: Scene, { x, y }: Frame, { data }: Theme): readonly SvgNode[] {
  if (band === undefined) {
    return [];
  }
  const corner = (values: Float64Array, index: number): string =>
    `${round(x.toPixel(band.steps[index] ?? 0))} ${round(y.toPixel(values[index] ?? 0))}`;
  return stretchesOf(band, range).map(([from, to]) => {
    const places = indexes(from, to);
    const edge = [
      ...places.map((index) => corner(band.high, index)),
      ...places.toReversed().map((index) => corner(band.low, index)),
    ];
    return svg("path", { d: `M${edge.join("L")}Z`, fill: data.globalNorm, "fill-opacity": BAND_ALPHA });
  });
}

export function medianFigure({ band, range }: Scene, { x, y }: Frame, { foreground }: Theme): readonly SvgNode[] {
  if (band === undefined) {
    return [];
  }
  const paths = stretchesOf(band, range).map(([from, to]) => {
    const places = indexes(from, to).map(
      (index) => `${round(x.toPixel(band.steps[index] ?? 0))} ${round(y.toPixel(band.median[index] ?? 0))}`,
    );
    return `M${places.join("L")}`;
  });
  const attributes = { fill: "none", stroke: foreground, "stroke-opacity": MEDIAN_ALPHA, "stroke-dasharray": "4 3" };
  return [svg("path", { d: paths.join(""), ...attributes })];
}

/** Where the run was resumed or its learning rate jumped. */
export function rules(
  { rules: all, range }: Scene,
  { left, width, top, height, x }: Frame,
  { theme, hasLabels }: { readonly theme: Theme; readonly hasLabels: boolean },
): readonly SvgNode[] {
  return all
    .filter(({ step }) => step >= range.min && step <= range.max)
    .flatMap(({ step, label: text }) => {
      const at = round(x.toPixel(step));
      const line = svg("path", {
        d: `M${at} ${top}v${height}`,
        stroke: theme.muted,
        "stroke-opacity": RULE_ALPHA,
        "stroke-dasharray": "1 2",
      });
      const isAtEnd = at + text.length * LETTER > left + width;
      const place = { x: isAtEnd ? at - 3 : at + 3, y: top + 8, theme, anchor: isAtEnd ? "end" : "start" } as const;
      return hasLabels ? [line, label(text, place)] : [line];
    });
}

/** Horizontal lines with a label at their right end, as of the clip threshold. */
export function levels(
  { levels: all }: Scene,
  { left, width, y }: Frame,
  { theme, values }: { readonly theme: Theme; readonly values: AxisRange },
): readonly SvgNode[] {
  return all
    .filter(({ value }) => value >= values.min && value <= values.max)
    .flatMap(({ value, label: text }) => {
      const at = round(y.toPixel(value));
      return [
        svg("path", { d: `M${left} ${at}h${round(width)}`, stroke: theme.foreground, "stroke-dasharray": "6 4" }),
        label(text, { x: left + width + 4, y: at, theme, anchor: "start", colour: theme.foreground }),
      ];
    });
}

/** ▲ above the peak of each spike of a norm that is drawn. */
export function spikes({ findings, lines, range }: Scene, { top, x, y }: Frame, theme: Theme): readonly SvgNode[] {
  return findings
    .filter(({ rule, peak }) => rule === "GN201" && peak >= range.min && peak <= range.max)
    .filter((finding) => lineOf(finding, lines) !== undefined)
    .map(({ peak, value, message }) => {
      const [at, above] = [round(x.toPixel(peak)), round(Math.max(top + 2, y.toPixel(value) - 13))];
      const d = `M${at} ${above}l5 8h-10Z`;
      return svg("path", { d, fill: theme.data.spike, stroke: theme.background }, [svg("title", {}, [message])]);
    });
}
