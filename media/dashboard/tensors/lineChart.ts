import { CELL_MARKS } from "#core/cellMarks.ts";
import { formatTick, isAtEdge, logRange, logTicks } from "../../charts/axis.ts";
import type { AxisRange } from "../../charts/axis.ts";
import type { Theme } from "../../shared/theme.ts";
import { createCanvas } from "./canvas.ts";
import type { CellRow } from "./cellRows.ts";
import { pixelOf } from "./place.ts";
import type { Place } from "./place.ts";
import { AXIS_HEIGHT, drawStepAxis } from "./stepAxis.ts";

/** CSS pixels: the plotting area, and the strips for what a log axis cannot show above and below it. */
const PLOT = 130;
const STRIP = 15;
const BOTTOM = STRIP + PLOT;
const EDGE = 0.06;

export interface LinePicture {
  readonly cells: CellRow;
  readonly place: Place;
  readonly theme: Theme;
  readonly cursorStep: number;
}

/** One row as a line on a log axis: the largest norm of each column, with a band down to the smallest. */
export function createLineChart(): { readonly element: HTMLElement; readonly draw: (picture: LinePicture) => void } {
  const canvas = createCanvas({ class: "layer-line", attributes: { role: "img", tabindex: "0" } });
  return {
    element: canvas.element,
    draw(picture) {
      const { place, theme } = picture;
      const size = { width: place.left + place.width + 14, height: BOTTOM + STRIP + AXIS_HEIGHT };
      canvas.paint(size, (context) => {
        const range = rangeOf(picture);
        drawFrame(context, picture, range);
        drawLine(context, picture, range);
        drawOffScale(context, picture);
        drawStepAxis(context, { place, theme, findings: [], top: BOTTOM + STRIP });
      });
    },
  };
}

function rangeOf({ cells }: LinePicture): AxisRange {
  const low = cells.least.reduce((least, log) => (log < least ? log : least), Infinity);
  const high = cells.most.reduce((most, log) => (log > most ? log : most), -Infinity);
  return logRange(10 ** low, 10 ** high);
}

function yOf({ min, max }: AxisRange, log: number): number {
  const [low, high] = [Math.log10(min), Math.log10(max)];
  return BOTTOM - ((log - low) / (high - low)) * PLOT;
}

function drawFrame(
  context: CanvasRenderingContext2D,
  { place, theme, cursorStep }: LinePicture,
  range: AxisRange,
): void {
  context.font = theme.font;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of logTicks(range).major) {
    const y = Math.round(yOf(range, Math.log10(value)));
    context.fillStyle = theme.grid;
    context.fillRect(place.left, y, place.width, 1);
    if (!isAtEdge(value, range, EDGE)) {
      context.fillStyle = theme.muted;
      context.fillText(formatTick(value), place.left - 6, y);
    }
  }
  for (const [top, text] of [
    [0, "NaN/Inf"],
    [BOTTOM, "0"],
  ] as const) {
    context.fillStyle = theme.grid;
    context.fillRect(place.left, top + 1, place.width, STRIP - 2);
    context.fillStyle = theme.muted;
    context.fillText(text, place.left - 6, top + STRIP / 2);
  }
  const x = place.left + pixelOf(place, cursorStep);
  if (x >= place.left && x <= place.left + place.width) {
    context.fillStyle = theme.muted;
    context.fillRect(Math.round(x), 0, 1, BOTTOM + STRIP);
  }
}

function drawLine(context: CanvasRenderingContext2D, { cells, place, theme }: LinePicture, range: AxisRange): void {
  const { grid, most, least, steps } = cells;
  const xOf = (cell: number): number => place.left + pixelOf(place, grid.from + (cell + 0.5) * grid.width);
  context.strokeStyle = theme.data.globalNorm;
  context.fillStyle = theme.data.globalNorm;
  context.lineWidth = theme.lineWidth;
  context.beginPath();
  let isJoined = false;
  for (let cell = 0; cell < grid.columns; cell += 1) {
    const [high = Number.NaN, low = Number.NaN] = [most[cell], least[cell]];
    if (!Number.isNaN(high)) {
      const [x, y] = [xOf(cell), yOf(range, high)];
      if (isJoined) {
        context.lineTo(x, y);
      } else {
        context.moveTo(x, y);
        context.fillRect(x - 1, y - 1, 2, 2);
      }
      if (low < high) {
        context.lineTo(x, yOf(range, low));
        context.lineTo(x, y);
      }
    }
    // A column without samples does not interrupt the line; one with NaN alone does.
    isJoined = Number.isNaN(high) ? isJoined && steps[cell] === 0 : true;
  }
  context.stroke();
}

/** ✕ for what is not finite, ○ for zero, ▽ below zero. */
function drawOffScale(context: CanvasRenderingContext2D, { cells, place, theme }: LinePicture): void {
  const { grid, marks } = cells;
  context.lineWidth = 1.5;
  for (let cell = 0; cell < grid.columns; cell += 1) {
    const found = marks[cell] ?? 0;
    const x = place.left + pixelOf(place, grid.from + (cell + 0.5) * grid.width);
    context.beginPath();
    if ((found & (CELL_MARKS.nan | CELL_MARKS.infinite)) !== 0) {
      context.strokeStyle = theme.data.nonFinite;
      context.moveTo(x - 3, STRIP / 2 - 3);
      context.lineTo(x + 3, STRIP / 2 + 3);
      context.moveTo(x - 3, STRIP / 2 + 3);
      context.lineTo(x + 3, STRIP / 2 - 3);
    } else if ((found & (CELL_MARKS.zero | CELL_MARKS.negative)) !== 0) {
      context.strokeStyle = theme.data.zero;
      context.arc(x, BOTTOM + STRIP / 2, 3, 0, 2 * Math.PI);
    }
    context.stroke();
  }
}
