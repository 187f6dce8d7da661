import { medianOfSorted } from "#core/quantile.ts";
import type { CellRow } from "./cellRows.ts";
import type { HeatView } from "./heatView.ts";
import { toPixels } from "./pixelRow.ts";
import type { PixelRow } from "./pixelRow.ts";

/** A row as its pixels show it: norms, or how they differ from what is usual in the row. */
export function toShownPixels(row: PixelRow, cells: CellRow, { place, mode }: Pick<HeatView, "place" | "mode">): void {
  toPixels(row, cells, place);
  if (mode === "change") {
    lower(row, usualOf(cells));
  }
}

const usual = new WeakMap<Float32Array, number>();

/** log10 of what a row usually is, as far as it is on screen: the median of its cells. */
function usualOf({ most }: CellRow): number {
  const known = usual.get(most) ?? medianOfSorted(most.filter(Number.isFinite).toSorted()) ?? 0;
  usual.set(most, known);
  return known;
}

/** Logarithms of norms become those of ratios. */
function lower({ most }: PixelRow, by: number): void {
  for (let x = 0; x < most.length; x += 1) {
    most[x] = (most[x] ?? Number.NaN) - by;
  }
}
