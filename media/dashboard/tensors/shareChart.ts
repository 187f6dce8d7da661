import type { LayerGrid } from "#protocol/dashboard/tensors.ts";
import type { Theme } from "../../shared/theme.ts";
import { createCanvas } from "./canvas.ts";
import { layerColours } from "./layerColours.ts";
import { pixelOf } from "./place.ts";
import type { Place } from "./place.ts";
import { AXIS_HEIGHT, drawStepAxis } from "./stepAxis.ts";

/** CSS pixels. */
const PLOT = 150;
/** An area this high and wide has room for its number. */
const NUMBER_HEIGHT = 14;

export interface SharePicture {
  readonly grid: LayerGrid;
  readonly names: readonly string[];
  readonly shares: Float32Array;
  readonly broken: Uint8Array;
  readonly place: Place;
  readonly theme: Theme;
  readonly cursorStep: number;
}

/** Parts of the squared global norm, stacked to one; the largest is at the bottom, all others together on top. */
export function createShareChart(): { readonly element: HTMLElement; readonly draw: (picture: SharePicture) => void } {
  const canvas = createCanvas({ class: "layer-shares", attributes: { role: "img", tabindex: "0" } });
  return {
    element: canvas.element,
    draw(picture) {
      const { place, theme, cursorStep } = picture;
      canvas.paint({ width: place.left + place.width + 14, height: PLOT + AXIS_HEIGHT + 4 }, (context) => {
        context.save();
        context.beginPath();
        context.rect(place.left, 0, place.width, PLOT + 1);
        context.clip();
        drawAreas(context, picture);
        drawNumbers(context, picture);
        context.fillStyle = theme.foreground;
        context.fillRect(place.left + Math.round(pixelOf(place, cursorStep)), 0, 1, PLOT);
        context.restore();
        drawPercents(context, picture);
        drawStepAxis(context, { place, theme, findings: [], top: PLOT + 2 });
      });
    },
  };
}

/** Layer by layer, each as one path. A line in the colour of the ground parts areas whose colours look alike to some. */
function drawAreas(context: CanvasRenderingContext2D, picture: SharePicture): void {
  const { grid, names, shares, place, theme } = picture;
  const bottoms = new Float64Array(grid.columns).fill(PLOT);
  layerColours(theme, names.length).forEach((colour, layer) => {
    const boxes: Box[] = [];
    for (let column = 0; column < grid.columns; column += 1) {
      const height = (shares[layer * grid.columns + column] ?? Number.NaN) * PLOT;
      if (height > 0) {
        const [from, to] = edgesOf(place, grid, column);
        const top = (bottoms[column] ?? PLOT) - height;
        boxes.push({ left: from, top, width: to - from, height });
        bottoms[column] = top;
      }
    }
    fillBoxes(context, colour, boxes);
    fillBoxes(
      context,
      theme.background,
      boxes.map((box) => ({ ...box, height: 1 })),
    );
  });
  drawBroken(context, picture);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function fillBoxes(context: CanvasRenderingContext2D, colour: string, boxes: readonly Box[]): void {
  context.fillStyle = colour;
  context.beginPath();
  for (const { left, top, width, height } of boxes) {
    context.rect(left, top, width, height);
  }
  context.fill();
}

/** Columns with a norm that is not finite. */
function drawBroken(context: CanvasRenderingContext2D, { grid, broken, place, theme }: SharePicture): void {
  context.fillStyle = theme.data.nonFinite;
  for (let column = 0; column < grid.columns; column += 1) {
    const [from, to] = edgesOf(place, grid, column);
    for (let y = 0; y < PLOT && broken[column] === 1; y += 6) {
      context.fillRect(from, y, to - from, 3);
    }
  }
}

/** At whole pixels, so that neighbours leave no seam. */
function edgesOf(place: Place, grid: LayerGrid, column: number): [number, number] {
  const from = Math.round(place.left + pixelOf(place, grid.from + column * grid.width));
  return [from, Math.max(from + 1, Math.round(place.left + pixelOf(place, grid.from + (column + 1) * grid.width)))];
}

/** Each area's number in the legend, where it is highest. */
function drawNumbers(context: CanvasRenderingContext2D, { grid, names, shares, place, theme }: SharePicture): void {
  context.font = `600 ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  names.forEach((_, layer) => {
    const own = shares.subarray(layer * grid.columns, (layer + 1) * grid.columns);
    const column = own.reduce((best, share, index) => (share > (own[best] ?? 0) ? index : best), 0);
    const share = own[column] ?? 0;
    if (share * PLOT >= NUMBER_HEIGHT) {
      let below = 0;
      for (let under = 0; under < layer; under += 1) {
        below += shares[under * grid.columns + column] ?? 0;
      }
      const [from, to] = edgesOf(place, grid, column);
      const x = Math.min(Math.max((from + to) / 2, place.left + 8), place.left + place.width - 8);
      const y = PLOT * (1 - below - share / 2);
      context.lineWidth = 3;
      context.strokeStyle = "#ffffff";
      context.strokeText(String(layer + 1), x, y);
      context.fillStyle = "#000000";
      context.fillText(String(layer + 1), x, y);
    }
  });
}

function drawPercents(context: CanvasRenderingContext2D, { place, theme }: SharePicture): void {
  context.font = theme.font;
  context.fillStyle = theme.muted;
  context.textAlign = "right";
  for (const [share, baseline] of [
    [0, "bottom"],
    [0.5, "middle"],
    [1, "top"],
  ] as const) {
    context.textBaseline = baseline;
    context.fillText(`${share * 100} %`, place.left - 6, PLOT * (1 - share));
  }
}
