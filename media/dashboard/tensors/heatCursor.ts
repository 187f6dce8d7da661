import type { HeatView, Sight } from "./heatView.ts";
import { columnAround, pixelOf } from "./place.ts";

/** The step that the other pictures show as a line, and the cell that the keyboard is on as a frame. */
export function drawCursor(context: CanvasRenderingContext2D, view: HeatView, sight: Sight): void {
  const { place, cursor, grid, rowHeight, theme } = view;
  const { min, max } = columnAround(grid, cursor.step);
  const [from, to] = [pixelOf(place, min), pixelOf(place, max)];
  const middle = (from + to) / 2;
  context.save();
  context.beginPath();
  context.rect(place.left - 2, 0, place.width + 4, sight.height);
  context.clip();
  context.lineWidth = 1;
  drawBoth(context, view, () => {
    context.beginPath();
    context.moveTo(place.left + middle, 0);
    context.lineTo(place.left + middle, sight.height);
    context.stroke();
  });
  context.strokeStyle = theme.foreground;
  drawBoth(context, view, () => {
    const wide = Math.max(to - from, 5);
    const top = cursor.row * rowHeight - sight.top;
    context.strokeRect(place.left + middle - wide / 2 - 1, top - 1, wide + 2, rowHeight + 1);
  });
  context.restore();
}

/** A line in the colour of the ground around one in that of text is seen on every shade. */
function drawBoth(context: CanvasRenderingContext2D, { theme }: HeatView, stroke: () => void): void {
  context.setLineDash([]);
  context.lineWidth = 3;
  context.globalAlpha = 0.7;
  context.strokeStyle = theme.background;
  stroke();
  context.lineWidth = 1;
  context.globalAlpha = 1;
  context.strokeStyle = theme.foreground;
  stroke();
}
