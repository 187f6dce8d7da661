import { createWindow } from "./window.ts";
import type { Window } from "./window.ts";

const BASELINE_POINTS = 200;
// Without it quantised or constant series, whose spread is next to nothing, would spike at each change.
const SPREAD_FLOOR = 0.05;

/** Median and robust spread of the last 200 finite positive values, on the logarithmic scale. */
export function createBaseline(): Window {
  const window = createWindow(BASELINE_POINTS);
  return { ...window, spread: () => Math.max(window.spread(), SPREAD_FLOOR) };
}
