import type { Points } from "../../../charts/segments.ts";
import { SIGNS } from "../roles.ts";
import { scaledFont } from "./lines.ts";
import type { Place } from "./shapes.ts";
import type { Surface } from "./surface.ts";

/** Distance between two signs of a line, and between those of two lines, in CSS pixels. */
const DISTANCE = 150;
const SHIFT = 25;
/** A sign is as large as text, in a gap of this radius in its own line, in CSS pixels: on the line it would not be seen. */
const SIZE = 12;
const GAP = 8;

/** The sign of a line along it; the first line has none. */
export function paintSigns(
  surface: Surface,
  points: Points,
  { slot, colour }: { readonly slot: number; readonly colour: string },
): void {
  const { context, ratio, theme } = surface;
  const sign = SIGNS[slot % SIGNS.length] ?? "";
  if (sign === "") {
    return;
  }
  context.font = scaledFont(theme.font.replace(/^[\d.]+/, String(SIZE)), ratio);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.globalAlpha = 1;
  for (const { x, y } of placesOf(surface, points, slot)) {
    context.beginPath();
    context.arc(x, y, GAP * ratio, 0, 2 * Math.PI);
    context.fillStyle = theme.background;
    context.fill();
    context.fillStyle = colour;
    context.fillText(sign, x, y);
  }
}

/** Points of the line, some way apart. */
function* placesOf(
  { left, width, ratio, xOf, yOf }: Surface,
  { steps, values }: Points,
  slot: number,
): Generator<Place> {
  let next = left + (DISTANCE / 2 + slot * SHIFT) * ratio;
  for (let index = 0; index < steps.length && next < left + width; index++) {
    const [x, value] = [xOf(steps[index] ?? 0), values[index] ?? Number.NaN];
    if (x >= next && Number.isFinite(value)) {
      yield { x, y: yOf(value) };
      next = x + DISTANCE * ratio;
    }
  }
}
