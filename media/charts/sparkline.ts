/** A small picture of the last values: a line on a log scale, and what a log scale cannot show. */
export interface Sparkline {
  /** An SVG path in a box of `width` × `height`. */
  readonly line: string;
  /** Horizontal places of NaN and ±Inf, drawn at the top edge. */
  readonly nonFinite: readonly number[];
  /** Horizontal places of zeros, drawn at the bottom edge. */
  readonly zero: readonly number[];
}

/** Free at the top and the bottom, for the marks. */
const EDGE = 2.5;
/** Ratio of the largest to the smallest value that fills the height; calmer series stay flatter. */
const LEAST_RATIO = 1.5;

export function sparkline(values: Float64Array, width: number, height: number): Sparkline {
  const xOf = (index: number): number => 1 + (index / Math.max(1, values.length - 1)) * (width - 2);
  const logs = values.map((value) => (value > 0 && value < Infinity ? Math.log(value) : Number.NaN));
  const finite = logs.filter(Number.isFinite);
  const low = finite.reduce((least, log) => Math.min(least, log), Infinity);
  const high = finite.reduce((most, log) => Math.max(most, log), -Infinity);
  const span = Math.max(high - low, Math.log(LEAST_RATIO));
  const yOf = (log: number): number => height / 2 - ((log - (low + high) / 2) / span) * (height - 2 * EDGE);
  return {
    line: pathOf(logs, xOf, yOf),
    nonFinite: placesOf(values, xOf, (value) => !Number.isFinite(value)),
    zero: placesOf(values, xOf, (value) => value === 0),
  };
}

function pathOf(logs: Float64Array, xOf: (index: number) => number, yOf: (log: number) => number): string {
  let path = "";
  let joined = false;
  for (const [index, log] of logs.entries()) {
    if (Number.isFinite(log)) {
      const place = `${round(xOf(index))} ${round(yOf(log))}`;
      path += joined ? `L${place}` : `M${place}h.01`;
    }
    joined = Number.isFinite(log);
  }
  return path;
}

function placesOf(
  values: Float64Array,
  xOf: (index: number) => number,
  isMarked: (value: number) => boolean,
): readonly number[] {
  return Array.from(values.entries())
    .filter(([, value]) => isMarked(value))
    .map(([index]) => round(xOf(index)));
}

function round(place: number): number {
  return Math.round(place * 10) / 10;
}
