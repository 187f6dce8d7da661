import { createNumberList } from "./numberList.ts";
import type { NumberList } from "./numberList.ts";
import { createSamplePlaces } from "./samplePlaces.ts";
import type { SamplePlaces, SampleRows } from "./samplePlaces.ts";
import type { SeriesChunk, SeriesKey } from "./series.ts";

/** Takes the samples of one series, in the order a log gives them. */
export interface SampleColumn {
  readonly add: (step: number, value: number, line: number) => void;
  /** Notes how finely a value was printed; the coarsest of all becomes the chunk's resolution. */
  readonly noteResolution: (resolution: number) => void;
}

export interface SampleCollector {
  /** The column of the series with this name, to be looked up once and not for every sample. */
  readonly columnOf: (key: SeriesKey) => SampleColumn;
  /** Adds numbers of rows to columns, which are all different. */
  readonly addRows: (rows: SampleRows, stepAt: number, numbers: readonly ColumnAt[]) => void;
  readonly finish: () => SeriesChunk[];
}

/** Which number of a row belongs to a column. */
export interface ColumnAt {
  readonly at: number;
  readonly column: SampleColumn;
}

/**
 * Gathers samples as columns, one chunk per series that got any. Most rows of a log give a sample to every series, which
 * then share the arrays of their steps and lines.
 */
export function createSampleCollector(): SampleCollector {
  const columns = new Map<string, GrowingColumn>();
  const grown = new Map<SampleColumn, GrowingColumn>();
  const places = createSamplePlaces();
  return {
    columnOf(key) {
      const column = columns.get(key.name) ?? createGrowingColumn(key, places);
      columns.set(key.name, column);
      grown.set(column, column);
      return column;
    },
    addRows(rows, stepAt, numbers) {
      const first = places.addRows(rows, stepAt);
      for (const { at, column } of numbers) {
        grown.get(column)?.addValues(rows, at, first);
      }
    },
    finish: () => Array.from(columns.values(), (column) => column.finish()).filter(({ steps }) => steps.length > 0),
  };
}

interface GrowingColumn extends SampleColumn {
  readonly addValues: (rows: SampleRows, at: number, firstPlace: number) => void;
  readonly finish: () => SeriesChunk;
}

function createGrowingColumn(key: SeriesKey, places: SamplePlaces): GrowingColumn {
  const values = createNumberList();
  let firstPlace = 0;
  // Missing while each sample has the place after the one before.
  let ownPlaces: NumberList | null = null;
  let resolution = 0;

  /** Is called before the values there are added. */
  function notePlaces(from: number, count: number): void {
    const length = values.length();
    firstPlace = length === 0 ? from : firstPlace;
    if (ownPlaces === null && from !== firstPlace + length) {
      ownPlaces = createNumberList();
      ownPlaces.addRange(firstPlace, length);
    }
    ownPlaces?.addRange(from, count);
  }

  return {
    add(step, value, line) {
      notePlaces(places.add(step, line), 1);
      values.add(value);
    },
    addValues({ values: rows, width, count }, at, from) {
      notePlaces(from, count);
      values.addAll({ values: rows, from: at, width, count });
    },
    noteResolution(printed) {
      resolution = Math.max(resolution, printed);
    },
    finish() {
      const taken = ownPlaces?.finish() ?? { from: firstPlace, to: firstPlace + values.length() };
      return { ...key, ...places.take(taken), values: values.finish(), ...(resolution > 0 && { resolution }) };
    },
  };
}
