/** What a logged number can be. `other` is kept so that nothing in a log is lost, but no rule reads it. */
export const SERIES_KINDS = [
  "globalNorm",
  "tensorNorm",
  "loss",
  "learningRate",
  "lossScale",
  "skippedSteps",
  "nanSteps",
  "clippedShare",
  "weightNorm",
  "other",
] as const;

export type SeriesKind = (typeof SERIES_KINDS)[number];

export interface SeriesKey {
  readonly kind: SeriesKind;
  /** As the log spells it: `grad_norm`, `train/loss`. */
  readonly name: string;
  /** Parameter name for a tensorNorm, else null. */
  readonly tensor: string | null;
  /** What the steps count, when it is not optimizer steps. */
  readonly axis?: "samples" | "tokens" | "epochs";
  /** The values are estimates: norms from the bins of a histogram. */
  readonly isEstimate?: true;
}

/** New samples of one series, as columns of equal length. NaN and ±Inf are values; a missing value is no sample. */
export interface SeriesChunk extends SeriesKey {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** The file that holds the samples, relative to a log that is a folder. */
  readonly file?: string;
  /** Zero-based line, or record of a binary log, that holds the sample. */
  readonly lines: Float64Array;
  /** Seconds since the epoch, where the log has them. */
  readonly wallTimes?: Float64Array;
  /** Half a unit of the last digit printed: a value of 0 is then smaller than this. Missing: values are as computed. */
  readonly resolution?: number;
}

/** Takes the samples of one series, in the order a log gives them. */
export interface SampleColumn {
  readonly add: (step: number, value: number, line: number) => void;
  /** Notes how finely a value was printed; the coarsest of all becomes the chunk's resolution. */
  readonly noteResolution: (resolution: number) => void;
}

export interface SampleCollector {
  /** The column of the series with this name, to be looked up once and not for every sample. */
  readonly columnOf: (key: SeriesKey) => SampleColumn;
  readonly finish: () => SeriesChunk[];
}

/** Gathers samples as columns, one chunk per series that got any. */
export function createSampleCollector(): SampleCollector {
  const columns = new Map<string, GrowingColumn>();
  return {
    columnOf(key) {
      const column = columns.get(key.name) ?? createGrowingColumn(key);
      columns.set(key.name, column);
      return column;
    },
    finish: () => Array.from(columns.values(), (column) => column.finish()).filter(({ steps }) => steps.length > 0),
  };
}

interface GrowingColumn extends SampleColumn {
  readonly finish: () => SeriesChunk;
}

const FIRST_CAPACITY = 64;

function createGrowingColumn(key: SeriesKey): GrowingColumn {
  let steps = new Float64Array(FIRST_CAPACITY);
  let values = new Float64Array(FIRST_CAPACITY);
  let lines = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  let resolution = 0;
  return {
    add(step, value, line) {
      if (length === steps.length) {
        [steps, values, lines] = [doubled(steps), doubled(values), doubled(lines)];
      }
      steps[length] = step;
      values[length] = value;
      lines[length] = line;
      length += 1;
    },
    noteResolution(printed) {
      resolution = Math.max(resolution, printed);
    },
    finish: () => ({
      ...key,
      steps: steps.slice(0, length),
      values: values.slice(0, length),
      lines: lines.slice(0, length),
      ...(resolution > 0 && { resolution }),
    }),
  };
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(column.length * 2);
  grown.set(column);
  return grown;
}
