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
  readonly add: (value: number, at: Readonly<SamplePlace>) => void;
  readonly length: () => number;
  readonly chunk: () => SeriesChunk;
}

// Step, value, record and time of a sample lie together: millions of samples are faster so than in four columns.
const STRIDE = 4;
const FIRST_CAPACITY = 8;

export function createSampleColumn(key: SeriesKey): SampleColumn {
  let rows = new Float64Array(FIRST_CAPACITY * STRIDE);
  let used = 0;
  let isTimed = true;
  return {
    add(value, { step, record, wallTime }) {
      if (used === rows.length) {
        const grown = new Float64Array(rows.length * 2);
        grown.set(rows);
        rows = grown;
      }
      rows[used] = step;
      rows[used + 1] = value;
      rows[used + 2] = record;
      rows[used + 3] = wallTime;
      used += STRIDE;
      isTimed &&= Number.isFinite(wallTime);
    },
    length: () => used / STRIDE,
    chunk() {
      const column = (place: number): Float64Array => columnOf(rows, used, place);
      const chunk = { ...key, steps: column(0), values: column(1), lines: column(2) };
      return isTimed ? { ...chunk, wallTimes: column(3) } : chunk;
    },
  };
}

function columnOf(rows: Float64Array, used: number, place: number): Float64Array {
  const column = new Float64Array(used / STRIDE);
  for (let at = 0; at < column.length; at += 1) {
    column[at] = rows[at * STRIDE + place] ?? Number.NaN;
  }
  return column;
}
