import { pixelOf } from "./place.ts";
import type { Place } from "./place.ts";
import type { CellRow } from "./cellRows.ts";

/** A row of cells at the pixels of the screen: of several cells in a pixel the largest norm and all marks remain. */
export interface PixelRow {
  /** log10 of norms; NaN where there is none. */
  readonly most: Float32Array;
  readonly marks: Uint8Array;
}

export function createPixelRow(width: number): PixelRow {
  return { most: new Float32Array(width), marks: new Uint8Array(width) };
}

/** A cell has at least one pixel, however narrow it is, as long as any of it is on screen. */
export function toPixels(row: PixelRow, cells: CellRow, place: Place): void {
  row.most.fill(Number.NaN);
  row.marks.fill(0);
  const first = pixelOf(place, cells.grid.from);
  const width = pixelOf(place, cells.grid.from + cells.grid.width) - first;
  for (let cell = 0; cell < cells.grid.columns; cell += 1) {
    if ((cells.steps[cell] ?? 0) > 0) {
      const from = first + cell * width;
      if (from < place.width && from + width > 0) {
        const begin = width < 1 ? Math.floor(from + width / 2) : Math.round(from);
        const left = Math.min(place.width - 1, Math.max(0, begin));
        const right = Math.min(place.width, Math.max(left + 1, Math.round(from + width)));
        put(row, { left, right }, cells, cell);
      }
    }
  }
}

interface Pixels {
  readonly left: number;
  readonly right: number;
}

function put({ most, marks }: PixelRow, { left, right }: Pixels, cells: CellRow, cell: number): void {
  const norm = cells.most[cell] ?? Number.NaN;
  for (let x = left; x < right; x += 1) {
    marks[x] = (marks[x] ?? 0) | (cells.marks[cell] ?? 0);
    if (!((most[x] ?? Number.NaN) >= norm)) {
      most[x] = norm >= -Infinity ? norm : (most[x] ?? Number.NaN);
    }
  }
}
