import type { Points } from "../charts/segments.ts";
import { round } from "./frame.ts";
import type { Frame } from "./frame.ts";

/** The path of a polyline; NaN interrupts it, and a point between two interruptions becomes a dot. */
export function linePath({ x, y }: Frame, { steps, values }: Points): string {
  let path = "";
  let isJoined = false;
  for (let index = 0; index < steps.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) {
      isJoined = false;
    } else {
      const place = `${round(x.toPixel(steps[index] ?? 0))} ${round(y.toPixel(value))}`;
      path += isJoined ? `L${place}` : `M${place}h.01`;
      isJoined = true;
    }
  }
  return path;
}

/** The same, closed along the bottom of the frame: one area between two interruptions. */
export function areaPath(frame: Frame, { steps, values }: Points): string {
  const bottom = round(frame.top + frame.height);
  let path = "";
  let first: number | undefined;
  let last = 0;
  const close = (): void => {
    path += first === undefined ? "" : `L${last} ${bottom}L${first} ${bottom}Z`;
    first = undefined;
  };
  for (let index = 0; index < steps.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) {
      close();
    } else {
      last = round(frame.x.toPixel(steps[index] ?? 0));
      path += `${first === undefined ? "M" : "L"}${last} ${round(frame.y.toPixel(value))}`;
      first ??= last;
    }
  }
  close();
  return path;
}
