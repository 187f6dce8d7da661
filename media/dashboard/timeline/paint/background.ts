import type { StepRange } from "../../../charts/viewport.ts";
import { indexes, stretchesOf } from "../stretches.ts";
import type { Band, Rule } from "../scene.ts";
import { scaledFont } from "./lines.ts";
import type { Surface } from "./surface.ts";

export const BAND_ALPHA = 0.16;
export const SHADE_ALPHA = 0.07;
export const RULE_ALPHA = 0.6;
export const MEDIAN_ALPHA = 0.75;

/** The warm-up is shaded: what the norm does there is judged by nothing but its size. */
export function paintShades(
  { context, left, top, width, height, xOf, theme, ratio }: Surface,
  shaded: readonly StepRange[],
): void {
  for (const { min, max } of shaded) {
    const from = Math.max(left, xOf(min));
    const to = Math.min(left + width, xOf(max));
    if (to > from) {
      context.fillStyle = theme.foreground;
      context.globalAlpha = SHADE_ALPHA;
      context.fillRect(from, top, to - from, height);
      if (theme.hasOutlines) {
        context.globalAlpha = RULE_ALPHA;
        context.fillRect(to, top, ratio, height);
      }
    }
  }
  context.globalAlpha = 1;
}

/** What is usual. Where it is not known there is nothing. */
export function paintBand(surface: Surface, band: Band, range: StepRange): void {
  const { context, theme, ratio } = surface;
  for (const [from, to] of stretchesOf(band, range)) {
    context.beginPath();
    addEdge(surface, band, { values: band.high, indexes: indexes(from, to) });
    addEdge(surface, band, { values: band.low, indexes: indexes(from, to).toReversed() });
    context.closePath();
    context.globalAlpha = BAND_ALPHA;
    context.fillStyle = theme.data.globalNorm;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = theme.data.globalNorm;
    context.lineWidth = ratio;
    if (theme.hasOutlines) {
      context.setLineDash([ratio, 3 * ratio]);
      context.stroke();
    }
    context.setLineDash([]);
  }
}

/** The median as a line, above the data: else a noisy norm would hide it. */
export function paintMedian(surface: Surface, band: Band, range: StepRange): void {
  const { context, theme, ratio } = surface;
  context.strokeStyle = theme.foreground;
  context.lineWidth = ratio;
  context.globalAlpha = MEDIAN_ALPHA;
  context.setLineDash([4 * ratio, 3 * ratio]);
  context.beginPath();
  for (const [from, to] of stretchesOf(band, range)) {
    context.moveTo(surface.xOf(band.steps[from] ?? 0), surface.yOf(band.median[from] ?? 0));
    addEdge(surface, band, { values: band.median, indexes: indexes(from, to) });
  }
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** A thin line where a run was resumed or its learning rate jumped, with a word at the top of the first panel. */
export function paintRules(
  surface: Surface,
  rules: readonly Rule[],
  { range, hasLabels }: { readonly range: StepRange; readonly hasLabels: boolean },
): void {
  const { context, ratio, left, width, top, height, theme, xOf } = surface;
  context.font = scaledFont(theme.font, ratio);
  context.textAlign = "left";
  context.textBaseline = "top";
  let labelEnd = -Infinity;
  for (const { step, label } of rules.filter((rule) => rule.step >= range.min && rule.step <= range.max)) {
    const x = Math.round(xOf(step)) + 0.5;
    context.globalAlpha = RULE_ALPHA;
    context.strokeStyle = theme.muted;
    context.lineWidth = ratio;
    context.setLineDash([ratio, 2 * ratio]);
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    context.setLineDash([]);
    const wide = context.measureText(label).width;
    const start = x + 3 * ratio + wide > left + width ? x - 3 * ratio - wide : x + 3 * ratio;
    if (hasLabels && start > labelEnd) {
      context.globalAlpha = 1;
      context.fillStyle = theme.muted;
      context.fillText(label, start, top + 2 * ratio);
      labelEnd = start + wide + 5 * ratio;
    }
  }
  context.globalAlpha = 1;
}

function addEdge(
  { context, xOf, yOf }: Surface,
  { steps }: Band,
  { values, indexes: places }: { readonly values: Float64Array; readonly indexes: readonly number[] },
): void {
  for (const index of places) {
    context.lineTo(xOf(steps[index] ?? 0), yOf(values[index] ?? 0));
  }
}
