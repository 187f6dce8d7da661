import type { LayerProfile } from "#protocol/dashboard/tensors.ts";
import { formatTick, logRange, logTicks } from "../../charts/axis.ts";
import type { Theme } from "../../shared/theme.ts";
import { createCanvas } from "./canvas.ts";
import { layerColours } from "./layerColours.ts";

/** CSS pixels. */
const PLOT = 170;
const LEFT = 62;
const BOTTOM = 22;
const TOP = 8;

export const MOST_PROFILES = 6;

export interface DepthPicture {
  readonly profiles: readonly LayerProfile[];
  readonly width: number;
  readonly theme: Theme;
}

/** Gradients from the first to the last block, on a log axis, with the Theil–Sen line of each role. */
export function createDepthChart(): { readonly element: HTMLElement; readonly draw: (picture: DepthPicture) => void } {
  const canvas = createCanvas({ class: "layer-depth", attributes: { role: "img", tabindex: "0" } });
  return {
    element: canvas.element,
    draw(picture) {
      const { profiles, width, theme } = picture;
      canvas.paint({ width: Math.max(120, width), height: TOP + PLOT + BOTTOM }, (context) => {
        const scales = scalesOf(picture);
        drawGrid(context, picture, scales);
        const colours = layerColours(theme, MOST_PROFILES);
        profiles.slice(0, MOST_PROFILES).forEach((profile, index) => {
          context.strokeStyle = colours[index] ?? theme.foreground;
          context.fillStyle = context.strokeStyle;
          drawProfile(context, profile, { index, scales });
        });
      });
    },
  };
}

interface Scales {
  readonly x: (block: number) => number;
  readonly y: (log: number) => number;
  readonly range: { readonly min: number; readonly max: number };
  readonly blocks: number;
}

function scalesOf({ profiles, width }: DepthPicture): Scales {
  const shown = profiles.slice(0, MOST_PROFILES);
  const all = shown.flatMap(({ blocks }) => blocks.map(({ rms }) => rms));
  const range = logRange(Math.min(...all), Math.max(...all));
  const [low, high] = [Math.log10(range.min), Math.log10(range.max)];
  const blocks = Math.max(2, ...shown.map((profile) => profile.blocks.length));
  return {
    x: (block) => LEFT + 10 + (block / (blocks - 1)) * (width - LEFT - 24),
    y: (log) => TOP + PLOT - ((log - low) / (high - low)) * PLOT,
    range,
    blocks,
  };
}

function drawGrid(
  context: CanvasRenderingContext2D,
  { width, theme }: DepthPicture,
  { x, y, range, blocks }: Scales,
): void {
  context.font = theme.font;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of logTicks(range).major) {
    const at = Math.round(y(Math.log10(value)));
    context.fillStyle = theme.grid;
    context.fillRect(LEFT, at, width - LEFT, 1);
    context.fillStyle = theme.muted;
    context.fillText(formatTick(value), LEFT - 6, at);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  const stride = Math.max(1, Math.ceil(blocks / 16));
  for (let block = 0; block < blocks; block += stride) {
    context.fillText(String(block), x(block), TOP + PLOT + 6);
  }
}

/** The line of a profile in log10 by block: it goes through the median of what is left of the points without the slope. */
export function slopeLine({ blocks, lambda }: LayerProfile): {
  readonly level: number;
  readonly slope: number;
  readonly logs: readonly number[];
} {
  const slope = lambda / Math.LN10;
  const logs = blocks.map(({ rms }) => Math.log10(rms));
  const rests = logs.map((log, block) => log - slope * block).toSorted((a, b) => a - b);
  return { level: rests[rests.length >> 1] ?? 0, slope, logs };
}

function drawProfile(
  context: CanvasRenderingContext2D,
  profile: LayerProfile,
  { index, scales }: { readonly index: number; readonly scales: Scales },
): void {
  const { level, slope, logs } = slopeLine(profile);
  context.lineWidth = 1.25;
  context.setLineDash([5, 4]);
  context.beginPath();
  context.moveTo(scales.x(0), scales.y(level));
  context.lineTo(scales.x(logs.length - 1), scales.y(level + slope * (logs.length - 1)));
  context.stroke();
  context.setLineDash([]);
  logs.forEach((log, block) => drawMark(context, index, { x: scales.x(block), y: scales.y(log) }));
}

/** Another shape for each profile: circle, square, triangle, diamond, and the first two hollow. */
function drawMark(context: CanvasRenderingContext2D, index: number, { x, y }: { x: number; y: number }): void {
  const corners = [0, 4, 3, 4][index % 4] ?? 0;
  context.beginPath();
  if (corners === 0) {
    context.arc(x, y, 3.2, 0, 2 * Math.PI);
  }
  const turn = index % 4 === 1 ? Math.PI / 4 : -Math.PI / 2;
  for (let corner = 0; corner < corners; corner += 1) {
    const angle = turn + (corner / corners) * 2 * Math.PI;
    context.lineTo(x + 4 * Math.cos(angle), y + 4 * Math.sin(angle));
  }
  context.closePath();
  if (index < 4) {
    context.fill();
  } else {
    context.stroke();
  }
}
