import type { Points } from "../../../charts/segments.ts";
import type { Pen } from "./pen.ts";
import type { Surface } from "./surface.ts";

/** From so many points in a pixel column on no column is empty, a line is a solid shape, and a dash could not be seen. */
const DENSE = 1.5;

export function isDense({ width }: Surface, { steps }: Points): boolean {
  return steps.length > width * DENSE;
}

/**
 * A noisy line, column by column: each is filled from its lowest to its highest point and reaches the point before it. A
 * stroke of thousands of segments, one over the other, takes a hundred times as long in a canvas and looks the same.
 */
export function paintDense(surface: Surface, { steps, values }: Points, pen: Pen): void {
  const { context, ratio, xOf, yOf } = surface;
  const width = Math.max(1, Math.round(pen.width * ratio));
  let column = Number.NaN;
  let top = Infinity;
  let bottom = -Infinity;
  let before = Number.NaN;
  for (let index = 0; index < steps.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      flush();
      before = Number.NaN;
      continue;
    }
    const x = Math.floor(xOf(steps[index] ?? 0));
    const y = yOf(value);
    if (x !== column) {
      flush();
      column = x;
      [top, bottom] = Number.isNaN(before) ? [y, y] : [Math.min(y, before), Math.max(y, before)];
    }
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    before = y;
  }
  flush();

  function flush(): void {
    if (top <= bottom) {
      const from = Math.floor(top - (width - 1) / 2);
      context.fillRect(column, from, width, Math.max(width, Math.ceil(bottom - top)));
    }
    column = Number.NaN;
    top = Infinity;
    bottom = -Infinity;
  }
}
