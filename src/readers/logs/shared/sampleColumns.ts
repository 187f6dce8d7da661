import type { SeriesChunk, SeriesKey } from "#core/series.ts";

/** One sample as a binary log gives it. Reused from sample to sample, so that none of them makes an object. */
export interface SamplePlace {
  step: number;
  /** Zero-based record. */
  record: number;
  /** Seconds since the epoch; NaN where the log has none. */
  wallTime: number;
}

/** Samples of one series that keep their times. */
export interface SampleColumn {
  readonly key: SeriesKey;
  readonly add: (value: number, at: Readonly<SamplePlace>) => void;
  readonly length: () => number;
  readonly chunk: () => SeriesChunk;
}

// Step, value, record and time of a sample lie together, so that adding one touches one place in memory.
const STRIDE = 4;
const FIRST_CAPACITY = 8;

export function createSampleColumn(key: SeriesKey): SampleColumn {
  let rows = new Float64Array(FIRST_CAPACITY * STRIDE);
  let filled = 0;
  return {
    key,
    add(value, { step, record, wallTime }) {
      if (filled === rows.length) {
        const grown = new Float64Array(rows.length * 2);
        grown.set(rows);
        rows = grown;
      }
      rows[filled] = step;
      rows[filled + 1] = value;
      rows[filled + 2] = record;
      rows[filled + 3] = wallTime;
      filled += STRIDE;
    },
    length: () => filled / STRIDE,
    chunk: () => ({ ...key, ...columnsOf(rows.subarray(0, filled)) }),
  };
}

/** All four in one walk over the samples. */
function columnsOf(rows: Float64Array): Pick<SeriesChunk, "steps" | "values" | "lines" | "wallTimes"> {
  const length = rows.length / STRIDE;
  const [steps, values, lines] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  const wallTimes = new Float64Array(length);
  let areTimed = true;
  for (let sample = 0; sample < length; sample += 1) {
    const at = sample * STRIDE;
    const wallTime = rows[at + 3] ?? Number.NaN;
    steps[sample] = rows[at] ?? Number.NaN;
    values[sample] = rows[at + 1] ?? Number.NaN;
    lines[sample] = rows[at + 2] ?? Number.NaN;
    wallTimes[sample] = wallTime;
    areTimed &&= Number.isFinite(wallTime);
  }
  return areTimed ? { steps, values, lines, wallTimes } : { steps, values, lines };
}
