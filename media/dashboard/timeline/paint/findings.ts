import type { Finding } from "#core/finding.ts";
import { LOWEST_ON_LOG } from "../../../charts/decimate.ts";
import { lowerBound } from "../../../charts/column.ts";
import type { Points } from "../../../charts/segments.ts";
import type { Theme } from "../../../shared/theme.ts";
import { lineOf } from "../scene.ts";
import type { SceneLine } from "../scene.ts";
import { addTriangle } from "./shapes.ts";
import type { Surface } from "./surface.ts";

/** Half the size of ▲ and how far it floats above its point, in CSS pixels. */
const MARK = 4.5;
const FLOAT = 8;
const LEAST_BAND = 3;

/** Rules about values that no logarithmic axis has get the colour of their gutter. */
export function findingColour({ rule }: Finding, { data }: Theme): string {
  const colours: Readonly<Partial<Record<Finding["rule"], string>>> = {
    GN101: data.nonFinite,
    GN206: data.zero,
    GN301: data.zero,
    GN304: data.nonFinite,
  };
  return colours[rule] ?? data.spike;
}

/** A light band over the steps of each episode; the chosen one is outlined. */
export function paintBands(surface: Surface, findings: readonly Finding[], chosen: Finding | undefined): void {
  const { context, left, width, top, height, ratio, xOf, theme } = surface;
  for (const finding of findings) {
    const from = Math.max(left, xOf(finding.start));
    const to = Math.min(left + width, finding.end === null ? left + width : xOf(finding.end));
    const wide = Math.max(to - from, LEAST_BAND * ratio);
    if (to >= left && from <= left + width) {
      context.fillStyle = findingColour(finding, theme);
      context.globalAlpha = finding === chosen ? 0.2 : 0.11;
      const start = from - (wide - (to - from)) / 2;
      context.fillRect(start, top, wide, height);
      if (finding === chosen) {
        outline(surface, { start, wide, colour: theme.foreground });
      } else if (theme.hasOutlines) {
        outline(surface, { start, wide, colour: findingColour(finding, theme) });
      }
    }
  }
  context.globalAlpha = 1;
}

function outline(
  { context, top, height, ratio }: Surface,
  { start, wide, colour }: { start: number; wide: number; colour: string },
): void {
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = ratio;
  context.setLineDash([2 * ratio, 2 * ratio]);
  context.strokeRect(start, top - ratio, wide, height + 2 * ratio);
  context.setLineDash([]);
}

/** ▲ above the peak of each spike, from the findings and never from decimated points. Hollow where its line is not drawn. */
export function paintSpikes(surface: Surface, findings: readonly Finding[], lines: readonly SceneLine[]): void {
  const { context, ratio, top, theme } = surface;
  for (const finding of findings.filter(({ rule }) => rule === "GN201")) {
    const own = lineOf(finding, lines);
    const points = (own ?? lines[0])?.curve.current();
    const y = surface.yOf(points === undefined ? LOWEST_ON_LOG : valueAt(points, finding, own !== undefined));
    const size = MARK * ratio;
    const place = { x: surface.xOf(finding.peak), y: Math.max(top + size, y - FLOAT * ratio) };
    context.beginPath();
    addTriangle(surface, place, size);
    const colour = findingColour(finding, theme);
    context.lineWidth = (own === undefined ? 4.5 : 3) * ratio;
    context.strokeStyle = theme.background;
    context.stroke();
    context.fillStyle = own === undefined ? theme.background : colour;
    context.fill();
    context.lineWidth = 1.5 * ratio;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** The curve's value at the peak; a peak that is not on the curve stands at the bottom. */
function valueAt({ steps, values }: Points, { peak, value }: Finding, isOwn: boolean): number {
  const index = lowerBound(steps, peak);
  const onCurve = steps[index] === peak ? (values[index] ?? Number.NaN) : Number.NaN;
  if (onCurve > 0 && Number.isFinite(onCurve)) {
    return onCurve;
  }
  return isOwn && value > 0 && Number.isFinite(value) ? value : LOWEST_ON_LOG;
}
