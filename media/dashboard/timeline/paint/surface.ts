import type uPlot from "uplot";
import type { Horizontal } from "../../../charts/horizontal.ts";
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

/** uPlot's name for a scale by logarithms. */
const LOGARITHMIC = 3;

export function surfaceOf(plot: uPlot, theme: Theme, { fromStep }: Pick<Horizontal, "fromStep">): Surface {
  const { left, top, width, height } = plot.bbox;
  const x = placement(plot, "x");
  const y = placement(plot, "y");
  return {
    context: plot.ctx,
    ratio: plot.ctx.canvas.width / plot.width,
    left,
    top,
    width,
    height,
    xOf: (step) => x(fromStep(step)),
    yOf: y,
    theme,
  };
}

/** As `plot.valToPos` in canvas pixels, for thousands of values: what all of them have in common is worked out once. */
function placement(plot: uPlot, key: "x" | "y"): (value: number) => number {
  const { min = 0, max = 1, distr } = plot.scales[key] ?? {};
  const [start, end] = [plot.valToPos(min, key, true), plot.valToPos(max, key, true)];
  if (Number(distr) !== LOGARITHMIC) {
    const perUnit = (end - start) / (max - min);
    return (value) => start + perUnit * (value - min);
  }
  const [low, least] = [Math.log10(min), min / 10];
  const perDecade = (end - start) / (Math.log10(max) - low);
  return (value) => start + perDecade * (Math.log10(value > 0 ? value : least) - low);
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
