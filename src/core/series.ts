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

// A column grows by blocks, which are put together once. They are small enough for the allocator to use them again.
const FIRST_CAPACITY = 64;
const LARGEST_CAPACITY = 4096;

function createGrowingColumn(key: SeriesKey): GrowingColumn {
  const full: Columns[] = [];
  let { steps, values, lines } = emptyColumns(FIRST_CAPACITY);
  let length = 0;
  let resolution = 0;

  function beginBlock(): void {
    full.push({ steps, values, lines });
    ({ steps, values, lines } = emptyColumns(Math.min(2 * length, LARGEST_CAPACITY)));
    length = 0;
  }

  return {
    add(step, value, line) {
      if (length === steps.length) {
        beginBlock();
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
      ...joined([...full, { steps, values, lines }], length),
      ...(resolution > 0 && { resolution }),
    }),
  };
}

type Columns = Record<"steps" | "values" | "lines", Float64Array<ArrayBuffer>>;

function emptyColumns(length: number): Columns {
  return { steps: new Float64Array(length), values: new Float64Array(length), lines: new Float64Array(length) };
}

/** Blocks of which all but the last are full. */
function joined(blocks: readonly Columns[], lastLength: number): Columns {
  const before = blocks.slice(0, -1).reduce((sum, { steps }) => sum + steps.length, 0);
  const whole = emptyColumns(before + lastLength);
  let at = 0;
  for (const { steps, values, lines } of blocks) {
    const used = Math.min(steps.length, before + lastLength - at);
    whole.steps.set(steps.subarray(0, used), at);
    whole.values.set(values.subarray(0, used), at);
    whole.lines.set(lines.subarray(0, used), at);
    at += used;
  }
  return whole;
}
