import { formatNumber } from "#core/format.ts";
import { countUpTo } from "#core/clipping/sortedNorms.ts";
import { t } from "@vscode/l10n";
import { logTicks } from "../../charts/axis.ts";
import type { AxisRange, Ticks } from "../../charts/axis.ts";
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
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import { referencesIn } from "./clipModel.ts";
import type { ClipModel } from "./clipModel.ts";

/** Room above for the conventions, and beside for a label that hangs over. */
const [TOP, RIGHT] = [34, 46];
export const DISTRIBUTION_HEIGHT = 194;
/** Room below for the ▲ of the threshold, which would hide the label of its norm. */
const BELOW = 4;
/** Every so many pixels the curve has a point. */
const COLUMN = 2;
const SHARES = { major: [0, 0.25, 0.5, 0.75, 1], minor: [] };
const [PASCANU_LOW, PASCANU_HIGH] = [0.5, 10];

export function distributionFrame({ range }: ClipModel, width: number): Frame {
  const [left, right, bottom] = [AXIS_WIDTH, width - RIGHT, DISTRIBUTION_HEIGHT - AXIS_HEIGHT - BELOW];
  return {
    left,
    top: TOP,
    width: right - left,
    height: bottom - TOP,
    x: logScale(range, left, right),
    y: linearScale({ min: 0, max: 1 }, bottom, TOP),
  };
}

/** Share of the steps whose norm is at most x, on a log axis, with conventions and the band of Pascanu et al. */
export function distributionFigure(model: ClipModel, frame: Frame, theme: Theme): readonly SvgNode[] {
  return [
    ...pascanuBand(model, frame, theme),
    ...verticalAxis(frame, SHARES, { theme, format: (share) => `${100 * share} %` }),
    ...horizontalAxis(frame, normTicks(model.range), { theme, below: BELOW, name: t("norm") }),
    ...conventions(model, frame, theme),
    svg("path", {
      d: curve(model, frame),
      fill: "none",
      stroke: theme.data.globalNorm,
      "stroke-width": theme.lineWidth + 0.25,
      "stroke-linejoin": "round",
    }),
    ...candidateMarks(model, frame, theme),
  ];
}

/** Few decades leave room for 2 and 5 between them. */
function normTicks(range: AxisRange): Ticks {
  const { major, minor } = logTicks(range);
  const between = minor.filter((value) => /^[25]/.test(value.toExponential()));
  return major.length > 2 ? { major, minor } : { major: [...major, ...between].toSorted((a, b) => a - b), minor };
}

/** The threshold: what is right of it is clipped. */
export function thresholdMark(frame: Frame, threshold: number, theme: Theme): readonly SvgNode[] {
  const { left, top, width, height } = frame;
  const x = Math.min(Math.max(frame.x.toPixel(threshold), left), left + width);
  const clipped = {
    x: round(x),
    y: top,
    width: round(left + width - x),
    height,
    fill: theme.data.spike,
    "fill-opacity": 0.16,
  };
  return [
    svg("rect", clipped),
    svg("path", { d: `M${round(x)} ${top}v${height}`, stroke: theme.foreground, "stroke-width": 2 }),
    svg("path", { d: `M${round(x)} ${top + height}l-5 8h10Z`, fill: theme.foreground }),
  ];
}

function curve({ norms: { sorted } }: ClipModel, { left, top, width, height, x, y }: Frame): string {
  let path = `M${left} ${top + height}`;
  for (let pixel = left; pixel <= left + width; pixel += COLUMN) {
    const share = countUpTo(sorted, x.toValue(pixel)) / Math.max(1, sorted.length);
    path += `L${round(pixel)} ${round(y.toPixel(share))}`;
  }
  return path;
}

function pascanuBand({ mean }: ClipModel, frame: Frame, theme: Theme): readonly SvgNode[] {
  if (mean === undefined) {
    return [];
  }
  const { left, width, top, height, x } = frame;
  const from = Math.max(left, x.toPixel(PASCANU_LOW * mean));
  const to = Math.min(left + width, x.toPixel(PASCANU_HIGH * mean));
  const title = t("Half to ten times the mean norm ({0}): Pascanu et al., arXiv 1211.5063", formatNumber(mean));
  return to <= from
    ? []
    : [
        svg(
          "rect",
          { x: round(from), y: top + height - 5, width: round(to - from), height: 5, fill: theme.data.learningRate },
          [svg("title", {}, [title])],
        ),
      ];
}

/** Labels stand in two rows, and are left out where both are taken; the mark and its title stay. */
function conventions({ range }: ClipModel, { left, width, top, height, x }: Frame, theme: Theme): readonly SvgNode[] {
  const ends = [-Infinity, -Infinity];
  return referencesIn(range).flatMap(({ value, source }) => {
    const at = round(x.toPixel(value));
    const text = `${value} ${source}`;
    const reach = 3 * text.length;
    const middle = Math.max(left + reach, Math.min(at, left + width - reach));
    const row = ends.findIndex((end) => middle - reach > end);
    if (row >= 0) {
      ends[row] = middle + reach;
    }
    const mark = svg("path", { d: `M${at} ${top - 4}v${height + 4}`, stroke: theme.muted, "stroke-dasharray": "1 3" }, [
      svg("title", {}, [t("{0}: a convention", text)]),
    ]);
    return row < 0 ? [mark] : [mark, label(text, { x: middle, y: top - 10 - 12 * row, theme, anchor: "middle" })];
  });
}

function candidateMarks({ advice }: ClipModel, { top, x }: Frame, theme: Theme): readonly SvgNode[] {
  return advice.candidates.flatMap(({ method, maxNorm }) =>
    maxNorm === null
      ? []
      : [
          svg("path", { d: `M${round(x.toPixel(maxNorm))} ${top + 5}l-3.5 -6h7Z`, fill: theme.foreground }, [
            svg("title", {}, [`${method}: ${formatNumber(maxNorm)}`]),
          ]),
        ],
  );
}
