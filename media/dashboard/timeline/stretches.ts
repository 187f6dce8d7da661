import { lowerBound } from "../../charts/column.ts";
import type { StepRange } from "../../charts/viewport.ts";
import type { Band } from "./scene.ts";

/** More than these in sight are thinned: the band is smooth. */
const MOST_PLACES = 200;

/** Index ranges, both ends included, in which the band is known and in sight. */
export function stretchesOf({ steps, median }: Band, { min, max }: StepRange): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  const end = Math.min(steps.length, lowerBound(steps, max) + 1);
  let isOpen = false;
  for (let index = Math.max(0, lowerBound(steps, min) - 1); index < end; index++) {
    const isKnown = Number.isFinite(median[index] ?? Number.NaN);
    const last = found.at(-1);
    if (isKnown && isOpen && last !== undefined) {
      last[1] = index;
    } else if (isKnown) {
      found.push([index, index]);
    }
    isOpen = isKnown;
  }
  return found;
}

/** From the first to the last, both included. */
export function indexes(from: number, to: number): number[] {
  const stride = Math.max(1, Math.ceil((to - from) / MOST_PLACES));
  const chosen: number[] = [];
  for (let index = from; index < to; index += stride) {
    chosen.push(index);
  }
  chosen.push(to);
  return chosen;
}
