import { markRuns } from "../../../charts/gutters.ts";
import type { OffScale } from "../../../charts/gutters.ts";
import type { StepRange } from "../../../charts/viewport.ts";
import { scaledFont } from "./lines.ts";
import { addCircle, addCross, addDownTriangle } from "./shapes.ts";
import type { ShapePainter } from "./shapes.ts";
import type { Surface } from "./surface.ts";

/** Height of the strips above and below a log axis, in CSS pixels. */
export const GUTTER_HEIGHT = 16;

/** Half the size of a mark, and the distance below which marks are joined, in CSS pixels. */
const MARK = 3.5;
const JOIN = 5;

export interface GutterMarks {
  readonly off: OffScale;
  readonly range: StepRange;
}

/** The strips for what a log axis cannot show: NaN and ±Inf above it, zero below it. */
export function paintGutters(surface: Surface, marks: GutterMarks): void {
  const { top, height, ratio, theme } = surface;
  const middle = (GUTTER_HEIGHT / 2) * ratio;
  const above = top - middle;
  const below = top + height + middle;
  paintStrip(surface, above, "NaN/Inf");
  paintStrip(surface, below, marks.off.negative.length > 0 ? "≤ 0" : "0");
  const { off, range } = marks;
  paintMarks(surface, off.nonFinite, { range, y: above, colour: theme.data.nonFinite, shape: addCross });
  paintMarks(surface, off.zero, { range, y: below, colour: theme.data.zero, shape: addCircle });
  paintMarks(surface, off.negative, { range, y: below, colour: theme.data.nonFinite, shape: addDownTriangle });
}

function paintStrip({ context, ratio, left, width, theme }: Surface, y: number, label: string): void {
  const height = GUTTER_HEIGHT * ratio;
  context.fillStyle = theme.grid;
  context.globalAlpha = 0.55;
  context.fillRect(left, y - height / 2 + ratio, width, height - 2 * ratio);
  context.globalAlpha = 1;
  context.font = scaledFont(theme.font, ratio);
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillStyle = theme.muted;
  context.fillText(label, left - 8 * ratio, y);
}

interface MarkStyle {
  readonly range: StepRange;
  readonly y: number;
  readonly colour: string;
  readonly shape: ShapePainter;
}

function paintMarks(surface: Surface, steps: Float64Array, { range, y, colour, shape }: MarkStyle): void {
  const { context, ratio, width, xOf } = surface;
  const gap = ((range.max - range.min) / width) * JOIN * ratio;
  context.strokeStyle = colour;
  context.lineWidth = 1.5 * ratio;
  context.beginPath();
  for (const { first, last } of markRuns(steps, { ...range, gap })) {
    const from = xOf(first);
    const to = xOf(last);
    shape(surface, { x: from, y }, MARK * ratio);
    if (to - from > 2 * ratio) {
      context.moveTo(from, y);
      context.lineTo(to, y);
      shape(surface, { x: to, y }, MARK * ratio);
    }
  }
  context.stroke();
}
