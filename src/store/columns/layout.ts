/** Four bytes as a whole number from 0 to 2³² − 1 or as a float32, or eight as a float64. */
export type Width = "words" | "singles" | "doubles";

export type ColumnName = "steps" | "values" | "lines" | "wallTimes" | "weights";

/** How each column is kept; undefined where there is none. */
export type Widths = Readonly<Record<ColumnName, Width | undefined>>;

export interface Place {
  readonly width: Width;
  /** Bytes of one number. */
  readonly bytes: 4 | 8;
  /** Bytes of one row in the columns before it. */
  readonly before: number;
}

/** Where columns are. Those of eight bytes come first, so that every column begins at a multiple of its numbers' size. */
export interface Layout {
  readonly widths: Widths;
  readonly rowBytes: number;
  readonly places: Readonly<Record<ColumnName, Place | undefined>>;
  /** In the order in which they lie there. */
  readonly names: readonly ColumnName[];
}

/** Rows to be added, as columns of equal length. */
export interface Rows {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly lines: ArrayLike<number>;
  readonly wallTimes?: ArrayLike<number> | undefined;
  readonly weights?: ArrayLike<number> | undefined;
}

const NAMES: readonly ColumnName[] = ["steps", "values", "lines", "wallTimes", "weights"];

const known = new Map<string, Layout>();

/** The same object for the same widths. */
export function layoutOf(widths: Widths): Layout {
  const name = NAMES.map((column) => widths[column]).join();
  const layout = known.get(name) ?? arrange(widths);
  known.set(name, layout);
  return layout;
}

export const NARROW = layoutOf({
  steps: "words",
  values: "singles",
  lines: "words",
  wallTimes: undefined,
  weights: undefined,
});

function arrange(widths: Widths): Layout {
  const isWide = (name: ColumnName): boolean => widths[name] === "doubles";
  const present = NAMES.filter((name) => widths[name] !== undefined);
  const names = [...present.filter(isWide), ...present.filter((name) => !isWide(name))];
  const places: Record<ColumnName, Place | undefined> = {
    steps: undefined,
    values: undefined,
    lines: undefined,
    wallTimes: undefined,
    weights: undefined,
  };
  let rowBytes = 0;
  for (const name of names) {
    const bytes = isWide(name) ? 8 : 4;
    places[name] = { width: widths[name] ?? "words", bytes, before: rowBytes };
    rowBytes += bytes;
  }
  return { widths, rowBytes, places, names };
}

/** The narrowest layout that holds what a table has and these rows without changing a number. */
export function widened(layout: Layout, { steps, values, lines, wallTimes, weights }: Rows): Layout {
  const { widths } = layout;
  const needed: Widths = {
    steps: widths.steps === "words" && !areWords(steps) ? "doubles" : widths.steps,
    values: widths.values === "singles" && !areSingles(values) ? "doubles" : widths.values,
    lines: widths.lines === "words" && !areWords(lines) ? "doubles" : widths.lines,
    wallTimes: wallTimes === undefined ? widths.wallTimes : "doubles",
    weights: weights === undefined ? widths.weights : "words",
  };
  return NAMES.every((name) => needed[name] === widths[name]) ? layout : layoutOf(needed);
}

/** Whole numbers from 0 to 2³² − 1. A loop for each kind: a function passed in would be called for every number. */
function areWords(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (value >>> 0 !== value || (value === 0 && Object.is(value, -0))) {
      return false;
    }
  }
  return true;
}

function areSingles(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (Math.fround(value) !== value && !Number.isNaN(value)) {
      return false;
    }
  }
  return true;
}
