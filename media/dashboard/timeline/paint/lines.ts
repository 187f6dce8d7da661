import type { Points } from "../../../charts/segments.ts";
import { isDense, paintDense } from "./dense.ts";
import { addCircle } from "./shapes.ts";
import type { Surface } from "./surface.ts";
import type { Pen } from "./pen.ts";

/** From this distance on each point has a dot, and how large a dot is, in CSS pixels. */
const DOT_DISTANCE = 14;
const DOT_RADIUS = 2;

/** A polyline, interrupted at NaN. Points between two interruptions, and points far apart, are drawn as dots. */
export function paintLine(surface: Surface, points: Points, pen: Pen): void {
  const { context } = surface;
  setPen(surface, pen);
  if (isDense(surface, points)) {
    paintDense(surface, points, pen);
  } else {
    strokeInPieces(surface, points);
  }
  context.beginPath();
  addDots(surface, points);
  context.fill();
}

/** A short path is stroked many times faster than a long one: the canvas looks for crossings in each. */
const PIECE = 16;

function strokeInPieces(surface: Surface, points: Points): void {
  for (let from = 0; from < points.steps.length - 1; from += PIECE) {
    surface.context.beginPath();
    addLine(surface, points, { from, to: Math.min(from + PIECE, points.steps.length - 1) });
    surface.context.stroke();
  }
}

/** From the first to the last index, both included. */
function addLine(
  { context, xOf, yOf }: Surface,
  { steps, values }: Points,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  for (let i = from; i <= to; i++) {
    const [x, y] = [xOf(steps[i] ?? 0), yOf(values[i] ?? 0)];
    if (i > from && isDrawn(values, i) && isDrawn(values, i - 1)) {
      context.lineTo(x, y);
    } else if (isDrawn(values, i)) {
      context.moveTo(x, y);
    }
  }
}

function addDots(surface: Surface, { steps, values }: Points): void {
  const { ratio, xOf, yOf } = surface;
  const extent = xOf(steps.at(-1) ?? 0) - xOf(steps[0] ?? 0);
  const areSparse = extent / steps.length > DOT_DISTANCE * ratio;
  for (let i = 0; i < steps.length; i++) {
    const isLonely = !isDrawn(values, i - 1) && !isDrawn(values, i + 1);
    if (isDrawn(values, i) && (areSparse || isLonely)) {
      addCircle(surface, { x: xOf(steps[i] ?? 0), y: yOf(values[i] ?? 0) }, DOT_RADIUS * ratio);
    }
  }
}

/** A horizontal line across the plotting area with a label beside its right end, where no curve is. */
export function paintLevel(surface: Surface, value: number, { label, pen }: { label: string; pen: Pen }): void {
  const { context, ratio, left, width, theme } = surface;
  const y = Math.round(surface.yOf(value)) + 0.5;
  setPen(surface, pen);
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(left + width, y);
  context.stroke();
  context.setLineDash([]);
  context.font = scaledFont(theme.font, ratio);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.globalAlpha = 1;
  context.fillStyle = theme.foreground;
  context.fillText(label, left + width + 4 * ratio, y);
}

/** The same font in canvas pixels. */
export function scaledFont(font: string, ratio: number): string {
  return font.replace(/^[\d.]+/, (size) => String(Number(size) * ratio));
}

function setPen({ context, ratio }: Surface, { colour, width, alpha, dash }: Pen): void {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = width * ratio;
  context.lineJoin = "round";
  context.globalAlpha = alpha;
  context.setLineDash(dash.map((length) => length * ratio));
}

function isDrawn(values: Float64Array, index: number): boolean {
  return Number.isFinite(values[index] ?? Number.NaN);
}
