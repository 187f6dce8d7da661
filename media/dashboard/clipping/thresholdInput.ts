import type { AxisRange } from "../../charts/axis.ts";

/** What people typed: a finite number above 0; undefined for anything else. A comma is a decimal point too. */
export function parseThreshold(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
  return value > 0 && Number.isFinite(value) ? value : undefined;
}

const [SMALL, LARGE] = [1.01, 1.1];

/** Where a key moves a threshold on a log axis: arrows by 1 %, pages by 10 %, Home and End to the ends. */
export function thresholdAfterKey(key: string, threshold: number, { min, max }: AxisRange): number | undefined {
  const moved: Readonly<Record<string, number>> = {
    ArrowLeft: threshold / SMALL,
    ArrowDown: threshold / SMALL,
    ArrowRight: threshold * SMALL,
    ArrowUp: threshold * SMALL,
    PageDown: threshold / LARGE,
    PageUp: threshold * LARGE,
    Home: min,
    End: max,
  };
  const wanted = moved[key];
  return wanted === undefined ? undefined : Math.min(Math.max(wanted, min), max);
}
