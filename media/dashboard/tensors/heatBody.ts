import type { HeatView, Sight } from "./heatView.ts";
import { rowsInSight } from "./heatView.ts";
import { paintRow } from "./paintRow.ts";
import { createPixelRow } from "./pixelRow.ts";
import { toShownPixels } from "./shownPixels.ts";

/** From this height on rows are a pixel apart. */
const GAP_FROM = 8;

/** The cells of the rows in sight as an image, painted anew each time: some milliseconds for all that a screen holds. */
export interface HeatBody {
  readonly draw: (context: CanvasRenderingContext2D, view: HeatView, sight: Sight) => void;
}

export function createHeatBody(): HeatBody {
  const canvas = new OffscreenCanvas(1, 1);
  let image = new ImageData(1, 1);
  let pixelRow = createPixelRow(1);
  return {
    draw(context, view, sight) {
      const [first, last] = rowsInSight(view, sight);
      resize(view.place.width, Math.max(1, (last - first) * view.rowHeight));
      const pixels = new Uint32Array(image.data.buffer);
      pixels.fill(view.palette.background);
      for (let row = first; row < last; row += 1) {
        paint(pixels, view, { row, top: (row - first) * view.rowHeight });
      }
      canvas.getContext("2d")?.putImageData(image, 0, 0);
      context.drawImage(canvas, view.place.left, first * view.rowHeight - sight.top);
    },
  };

  function paint(pixels: Uint32Array, view: HeatView, at: { readonly row: number; readonly top: number }): void {
    const shown = view.rows[at.row];
    const cells = shown && view.cells.get(shown);
    if (cells !== undefined) {
      toShownPixels(pixelRow, cells, view);
      const height = view.rowHeight >= GAP_FROM ? view.rowHeight - 1 : view.rowHeight;
      paintRow({ pixels, width: view.place.width, top: at.top, height }, pixelRow, view.palette, view.scale);
    }
  }

  function resize(width: number, height: number): void {
    if (image.width !== width || image.height !== height) {
      image = new ImageData(width, height);
      pixelRow = createPixelRow(width);
      canvas.width = width;
      canvas.height = height;
    }
  }
}
