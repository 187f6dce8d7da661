import type { Finding } from "#core/finding.ts";
import { wholeTicks } from "../../charts/axis.ts";
import { axisName } from "../../charts/axisName.ts";
import type { Theme } from "../../shared/theme.ts";
import { pixelOf, RIGHT } from "./place.ts";
import type { Place } from "./place.ts";

/** CSS pixels. */
export const AXIS_HEIGHT = 26;
const LABEL_DISTANCE = 90;
const MARK = 4;
/** From the plotting area to where the name of the axis begins. */
const NAME = 58;

const stepFormat = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

export interface AxisPicture {
  readonly place: Place;
  readonly theme: Theme;
  /** Marked ▲ where they are at their worst. */
  readonly findings: readonly Finding[];
  /** Where the axis begins from the top of the canvas. */
  readonly top: number;
}

/** Steps below a chart. */
export function drawStepAxis(context: CanvasRenderingContext2D, { place, theme, findings, top }: AxisPicture): void {
  context.font = theme.font;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  const edge = place.left + place.width + RIGHT;
  for (const step of wholeTicks(place.range, Math.max(2, place.width / LABEL_DISTANCE))) {
    const x = place.left + pixelOf(place, step);
    const text = stepFormat.format(step);
    context.fillRect(Math.round(x), top, 1, 5);
    context.fillText(text, Math.min(x, edge - context.measureText(text).width / 2), top + 9);
  }
  context.textAlign = "left";
  context.fillText(axisName("step"), place.left - NAME, top + 9);
  context.fillStyle = theme.data.spike;
  for (const { peak, severity } of findings) {
    const x = pixelOf(place, peak);
    if (severity !== "info" && x >= 0 && x <= place.width) {
      drawTriangle(context, place.left + x, top + 1);
    }
  }
}

function drawTriangle(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + MARK, y + MARK * 1.7);
  context.lineTo(x - MARK, y + MARK * 1.7);
  context.closePath();
  context.fill();
}
