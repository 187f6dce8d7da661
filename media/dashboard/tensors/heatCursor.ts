import type { HeatView, Sight } from "./heatView.ts";
import { columnAround, pixelOf } from "./place.ts";

/** Frames the cursor's column with lines beside it, which cover none of its cells, and the cell that the keyboard is on. */
export function drawCursor(context: CanvasRenderingContext2D, view: HeatView, sight: Sight): void {
  const { place, cursor, grid, rowHeight } = view;
  const { min, max } = columnAround(grid, cursor.step);
  const left = Math.round(place.left + pixelOf(place, min)) - 0.5;
  const right = Math.max(left + 2, Math.round(place.left + pixelOf(place, max)) + 0.5);
  context.save();
  context.beginPath();
  context.rect(place.left - 2, 0, place.width + 4, sight.height);
  context.clip();
  context.globalAlpha = 0.6;
  drawTwice(context, view, () => {
    context.beginPath();
    for (const x of [left, right]) {
      context.moveTo(x, 0);
      context.lineTo(x, sight.height);
    }
  });
  context.globalAlpha = 1;
  drawTwice(context, view, () => {
    context.beginPath();
    context.rect(left - 1, cursor.row * rowHeight - sight.top - 0.5, right - left + 2, Math.max(rowHeight, 3));
  });
  context.restore();
}

/** Light on dark, dashed: one of both is seen on every shade. */
function drawTwice(context: CanvasRenderingContext2D, { theme }: HeatView, trace: () => void): void {
  trace();
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeStyle = theme.background;
  context.stroke();
  context.setLineDash([3, 3]);
  context.strokeStyle = theme.foreground;
  context.stroke();
  context.setLineDash([]);
}
