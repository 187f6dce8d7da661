import type uPlot from "uplot";
import type { Theme } from "../../../shared/theme.ts";

/** The plotting area in canvas pixels, with the way from data to pixels. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** Canvas pixels of one CSS pixel. */
  readonly ratio: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly xOf: (step: number) => number;
  readonly yOf: (value: number) => number;
  readonly theme: Theme;
}

export function surfaceOf(plot: uPlot, theme: Theme): Surface {
  const { left, top, width, height } = plot.bbox;
  return {
    context: plot.ctx,
    ratio: plot.ctx.canvas.width / plot.width,
    left,
    top,
    width,
    height,
    xOf: (step) => plot.valToPos(step, "x", true),
    yOf: (value) => plot.valToPos(value, "y", true),
    theme,
  };
}

/** Draws inside the plotting area, `overhang` CSS pixels wider at both sides, and leaves the canvas as it was. */
export function paintInside(surface: Surface, overhang: number, paint: () => void): void {
  const { context, left, top, width, height, ratio } = surface;
  context.save();
  context.beginPath();
  context.rect(left - overhang * ratio, top, width + 2 * overhang * ratio, height);
  context.clip();
  paint();
  context.restore();
}

/** Draws anywhere and leaves the canvas as it was. */
export function paintAnywhere({ context }: Surface, paint: () => void): void {
  context.save();
  paint();
  context.restore();
}
