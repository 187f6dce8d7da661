import { CELL_MARKS } from "#core/cellMarks.ts";
import type { PixelRow } from "./pixelRow.ts";

/** What pixels are painted with. */
export interface Palette {
  /** From the low to the high end of the scale. */
  readonly shades: Uint32Array;
  readonly nonFinite: number;
  readonly zero: number;
  readonly background: number;
}

/** log10 of the norms, or ratios, at both ends of the shades. */
export interface Scale {
  readonly low: number;
  readonly high: number;
}

/** Pixels, row after row, and which of their rows are painted. */
export interface Strip {
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly top: number;
  readonly height: number;
}

/** Where a norm lies between the ends of a scale, as one of so many shades; NaN for NaN. */
export function shadeOf(log: number, { low, high }: Scale, shades: number): number {
  return Math.max(0, Math.min(shades - 1, Math.round(((log - low) / (high - low)) * (shades - 1))));
}

const HATCH = 6;
export const NON_FINITE = CELL_MARKS.nan | CELL_MARKS.infinite | CELL_MARKS.negative;

/**
 * One row of the picture: norms by shade, NaN and ±Inf hatched, zero outlined, what was not measured left out. Zero beside
 * larger norms is a line at the foot of the cell.
 */
export function paintRow(strip: Strip, row: PixelRow, palette: Palette, scale: Scale): void {
  const { pixels, width, top, height } = strip;
  const { shades, background } = palette;
  const factor = (shades.length - 1) / (scale.high - scale.low);
  let hasMarks = false;
  for (let x = 0; x < width; x += 1) {
    const norm = row.most[x] ?? Number.NaN;
    const shade = Math.max(0, Math.min(shades.length - 1, Math.round((norm - scale.low) * factor)));
    const isShade = norm >= -Infinity;
    pixels[top * width + x] = isShade ? (shades[shade] ?? background) : background;
    hasMarks ||= (row.marks[x] ?? 0) !== 0;
  }
  for (let y = top + 1; y < top + height; y += 1) {
    pixels.copyWithin(y * width, top * width, (top + 1) * width);
  }
  if (hasMarks) {
    paintMarks(strip, row, palette);
  }
}

function paintMarks(strip: Strip, row: PixelRow, palette: Palette): void {
  for (let x = 0; x < strip.width; x += 1) {
    const marks = row.marks[x] ?? 0;
    if ((marks & NON_FINITE) !== 0) {
      hatch(strip, x, palette);
    } else if ((marks & CELL_MARKS.zero) !== 0) {
      outline(strip, { x, row }, palette);
    }
  }
}

/** A single column has both colours as well. */
function hatch({ pixels, width, top, height }: Strip, x: number, { nonFinite, background }: Palette): void {
  for (let y = 0; y < height; y += 1) {
    pixels[(top + y) * width + x] = (x + y) % HATCH < HATCH / 2 ? nonFinite : background;
  }
}

function outline(
  { pixels, width, top, height }: Strip,
  { x, row }: { readonly x: number; readonly row: PixelRow },
  { zero }: Palette,
): void {
  const isAlone = Number.isNaN(row.most[x]);
  const isEdge = isAlone && !(isOnlyZero(row, x - 1) && isOnlyZero(row, x + 1));
  for (let y = 0; y < height; y += 1) {
    if (y === height - 1 || (isAlone && y === 0) || isEdge) {
      pixels[(top + y) * width + x] = zero;
    }
  }
}

function isOnlyZero({ most, marks }: PixelRow, x: number): boolean {
  return ((marks[x] ?? 0) & ~CELL_MARKS.partial) === CELL_MARKS.zero && Number.isNaN(most[x]);
}
