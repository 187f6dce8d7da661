import type { LayerGrid } from "#protocol/dashboard/tensors.ts";
import type { StepRange } from "../../charts/viewport.ts";

/** Where steps lie from left to right, the same in all charts of the tab, in CSS pixels. */
export interface Place {
  readonly left: number;
  readonly width: number;
  readonly range: StepRange;
}

/** Room for names at the left of every chart, and for half a label at the right. */
const NAMES = { share: 0.26, least: 110, most: 260 } as const;
export const RIGHT = 14;

export function placeIn(elementWidth: number, range: StepRange): Place {
  const left = Math.round(Math.min(Math.max(elementWidth * NAMES.share, NAMES.least), NAMES.most));
  return { left, width: Math.max(40, Math.floor(elementWidth) - left - RIGHT), range };
}

/** Relative to the left of the plotting area. */
export function pixelOf({ width, range }: Place, step: number): number {
  return ((step - range.min) / (range.max - range.min)) * width;
}

export function stepAt({ width, range }: Place, pixel: number): number {
  return range.min + (pixel / width) * (range.max - range.min);
}

/**
 * Columns of a pixel or more, but never narrower than the distance of two samples: then each holds one, in its middle.
 * `first` is a step that was logged.
 */
export function gridOf({ width, range }: Place, first: number, interval: number): LayerGrid {
  const finest = (range.max - range.min) / width;
  if (finest >= interval) {
    // The last column reaches a little farther, so that the last step is in it.
    return { from: range.min, width: finest * (1 + 1e-9), columns: width };
  }
  const begin = first - interval / 2;
  const from = begin + Math.floor((range.min - begin) / interval) * interval;
  return { from, width: interval, columns: Math.floor((range.max - from) / interval) + 1 };
}

/** The column that a step is in, as a range of steps from `min` to below `max`. */
export function columnAround({ from, width }: LayerGrid, step: number): StepRange {
  const min = from + Math.floor((step - from) / width) * width;
  return { min, max: min + width };
}
