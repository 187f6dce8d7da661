import { t } from "@vscode/l10n";
import type { LayerProfile } from "#protocol/dashboard/tensors.ts";
import { logRange, logTicks } from "../../charts/axis.ts";
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
import { MOST_PROFILES, slopeLine } from "./depthChart.ts";
import { layerColours } from "./layerColours.ts";

/** CSS pixels. */
const [PLOT, TOP, RIGHT, LINE] = [170, 24, 24, 16];

export function depthHeight(profiles: readonly LayerProfile[]): number {
  return profiles.length === 0 ? 0 : TOP + PLOT + AXIS_HEIGHT + shownOf(profiles).length * LINE + 8;
}

/** Gradients from the first to the last block as a vector picture, with the slope of each role and a legend below. */
export function depthFigure(
  profiles: readonly LayerProfile[],
  { top, width, theme }: { readonly top: number; readonly width: number; readonly theme: Theme },
): readonly SvgNode[] {
  const shown = shownOf(profiles);
  if (shown.length === 0) {
    return [];
  }
  const all = shown.flatMap(({ blocks }) => blocks.map(({ rms }) => rms));
  const values = logRange(Math.min(...all), Math.max(...all));
  const blocks = { min: 0, max: Math.max(1, ...shown.map((profile) => profile.blocks.length - 1)) };
  const bottom = top + TOP + PLOT;
  const x = linearScale(blocks, AXIS_WIDTH + 10, width - RIGHT);
  const y = logScale(values, bottom, top + TOP);
  const frame: Frame = { left: AXIS_WIDTH, top: top + TOP, width: width - AXIS_WIDTH - RIGHT, height: PLOT, x, y };
  const stride = Math.max(1, Math.ceil(blocks.max / 16));
  const major = Array.from({ length: Math.floor(blocks.max / stride) + 1 }, (_, index) => index * stride);
  const colours = layerColours(theme, MOST_PROFILES);
  return [
    label(t("Gradient by depth"), { x: AXIS_WIDTH, y: top + 10, theme, anchor: "start", colour: theme.foreground }),
    ...verticalAxis(frame, logTicks(values), { theme }),
    ...horizontalAxis(frame, { major, minor: [] }, { theme }),
    ...shown.flatMap((profile, index) => {
      const style = { index, colour: colours[index] ?? theme.foreground };
      const y0 = bottom + AXIS_HEIGHT + (index + 0.5) * LINE;
      return [
        ...profileFigure(profile, frame, style),
        mark(index, { x: AXIS_WIDTH + 5, y: y0, colour: style.colour }),
        label(describe(profile), { x: AXIS_WIDTH + 16, y: y0, theme, anchor: "start" }),
      ];
    }),
  ];
}

function shownOf(profiles: readonly LayerProfile[]): readonly LayerProfile[] {
  return profiles.toSorted((a, b) => Math.abs(b.decades) - Math.abs(a.decades)).slice(0, MOST_PROFILES);
}

function describe({ pattern, lambda, decades }: LayerProfile): string {
  return t("{0}, ×{1} per block, {2} decades", pattern, Number(Math.exp(lambda).toPrecision(3)), decades.toFixed(2));
}

function profileFigure(
  profile: LayerProfile,
  { x, y }: Frame,
  { index, colour }: { readonly index: number; readonly colour: string },
): readonly SvgNode[] {
  const { level, slope } = slopeLine(profile);
  const last = profile.blocks.length - 1;
  const end = (block: number): string =>
    `${round(x.toPixel(block))} ${round(y.toPixel(10 ** (level + slope * block)))}`;
  return [
    svg("path", { d: `M${end(0)}L${end(last)}`, stroke: colour, "stroke-width": 1.25, "stroke-dasharray": "5 4" }),
    ...profile.blocks.map(({ rms }, block) => mark(index, { x: x.toPixel(block), y: y.toPixel(rms), colour })),
  ];
}

/** The same shapes as on screen: circle, square, triangle, diamond, and the first two hollow. */
function mark(
  index: number,
  { x, y, colour }: { readonly x: number; readonly y: number; readonly colour: string },
): SvgNode {
  const shapes = [
    "M3.2 0a3.2 3.2 0 1 0 -6.4 0a3.2 3.2 0 1 0 6.4 0Z",
    "M-3 -3h6v6h-6Z",
    "M0 -4l3.5 6h-7Z",
    "M0 -4l4 4l-4 4l-4 -4Z",
  ];
  const paint = index < 4 ? { fill: colour } : { fill: "none", stroke: colour };
  return svg("path", { d: shapes[index % 4] ?? "", transform: `translate(${round(x)} ${round(y)})`, ...paint });
}
