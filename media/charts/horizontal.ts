import { wholeTicks } from "./axis.ts";
import { lowerBound } from "./column.ts";

/** What the horizontal axis counts. Everything is kept in steps; only its place on the axis differs. */
export interface Horizontal {
  readonly unit: "step" | "time" | "samples" | "tokens";
  readonly fromStep: (step: number) => number;
  readonly toStep: (value: number) => number;
}

export const BY_STEP: Horizontal = { unit: "step", fromStep: (step) => step, toStep: (value) => value };

/** Straight between the known places, and beyond them as between the nearest two. Both columns ascend. */
export function horizontalBy(
  unit: Horizontal["unit"],
  { steps, values }: { readonly steps: Float64Array; readonly values: Float64Array },
): Horizontal {
  return {
    unit,
    fromStep: (step) => interpolate(steps, values, step),
    toStep: (value) => interpolate(values, steps, value),
  };
}

function interpolate(from: Float64Array, to: Float64Array, at: number): number {
  const right = Math.min(Math.max(lowerBound(from, at), 1), from.length - 1);
  const [x0, x1] = [from[right - 1] ?? Number.NaN, from[right] ?? Number.NaN];
  const [y0, y1] = [to[right - 1] ?? Number.NaN, to[right] ?? Number.NaN];
  return y0 + ((at - x0) / (x1 - x0)) * (y1 - y0);
}

const counts = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });
const largeCounts = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });

/** A place on the axis, for people. */
export function formatPlace(unit: Horizontal["unit"], value: number): string {
  switch (unit) {
    case "step":
      return counts.format(value);
    case "time":
      return formatElapsed(value);
    case "samples":
    case "tokens":
      return largeCounts.format(value);
  }
}

/** `45 s`, `12:30` (minutes), `3:05 h`, `2 d 4 h`. */
function formatElapsed(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 ? "−" : "";
  if (whole < 60) {
    return `${sign}${counts.format(Math.abs(seconds))} s`;
  }
  if (whole < 3600) {
    return `${sign}${Math.floor(whole / 60)}:${twoDigits(whole % 60)} min`;
  }
  const hours = Math.floor(whole / 3600);
  return hours < 48
    ? `${sign}${hours}:${twoDigits(Math.floor((whole % 3600) / 60))} h`
    : `${sign}${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** About `wanted` places on the axis that people read as round. */
export function roundTicks(
  unit: Horizontal["unit"],
  { min, max }: { readonly min: number; readonly max: number },
  wanted: number,
): readonly number[] {
  const distance = ROUND_SECONDS.find((seconds) => (max - min) / seconds <= wanted);
  if (unit !== "time" || distance === undefined) {
    return wholeTicks({ min, max }, wanted);
  }
  const first = Math.ceil(min / distance);
  return Array.from({ length: Math.floor(max / distance) - first + 1 }, (_, index) => (first + index) * distance);
}

/** Distances between labels that people read as round: of steps, samples and tokens there are no fractions. */
export const ROUND_COUNTS: readonly number[] = Array.from({ length: 16 }, (_, power) =>
  [1, 2, 5].map((one) => one * 10 ** power),
).flat();

/** The same in seconds. */
export const ROUND_SECONDS: readonly number[] = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800,
  432_000, 864_000, 1_728_000, 4_320_000, 8_640_000,
];
