import type { Surface } from "./surface.ts";

/** Faint lines at the minor ticks, under everything. */
export function paintMinorGrid(surface: Surface, minor: readonly number[]): void {
  const { context, ratio, left, width, yOf, theme } = surface;
  context.strokeStyle = theme.grid;
  context.globalAlpha = 0.45;
  context.lineWidth = ratio;
  context.beginPath();
  for (const value of minor) {
    const y = Math.round(yOf(value)) + 0.5;
    context.moveTo(left, y);
    context.lineTo(left + width, y);
  }
  context.stroke();
}
