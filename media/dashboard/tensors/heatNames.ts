import { fitText } from "./canvas.ts";
import type { HeatView, Sight } from "./heatView.ts";
import { rowsInSight } from "./heatView.ts";
import { isSameRow } from "./rows.ts";
import type { ShownRow } from "./rows.ts";

/** Lower rows have no room for a name: then only some groups have one. */
const NAME_HEIGHT = 13;
const INDENT = 14;
const GAP = 8;

/** Names beside the rows, and the marks of what the cursor and the line below are on. */
export function drawNames(context: CanvasRenderingContext2D, view: HeatView, sight: Sight): void {
  const { rows, rowHeight, theme } = view;
  const [first, last] = rowsInSight(view, sight);
  context.textBaseline = "middle";
  context.textAlign = "left";
  let free = -Infinity;
  for (let index = first; index < last; index += 1) {
    const row = rows[index];
    const y = index * rowHeight - sight.top;
    const middle = y + Math.max(rowHeight, NAME_HEIGHT) / 2;
    if (row !== undefined && isNamed(row, view) && middle - NAME_HEIGHT / 2 >= free) {
      drawName(context, view, { row, index, middle });
      free = middle + NAME_HEIGHT / 2 - 1;
    }
    if (isSameRow(row, view.selected)) {
      context.fillStyle = theme.foreground;
      context.fillRect(0, y, 2, rowHeight);
    }
  }
}

function isNamed(row: ShownRow, { rowHeight }: HeatView): boolean {
  return rowHeight >= NAME_HEIGHT || !row.isInGroup;
}

function drawName(
  context: CanvasRenderingContext2D,
  { theme, place, cursor }: HeatView,
  { row, index, middle }: { readonly row: ShownRow; readonly index: number; readonly middle: number },
): void {
  const weight = row.kind === "group" ? "600 " : "";
  context.font = `${weight}${theme.font}`;
  context.fillStyle = index === cursor.row || row.kind === "group" ? theme.foreground : theme.muted;
  if (row.isFolded !== undefined) {
    context.fillText(row.isFolded ? "▸" : "▾", 4, middle);
  }
  const left = 4 + INDENT;
  context.fillText(fitText(context, row.label, place.left - left - GAP), left, middle);
}
