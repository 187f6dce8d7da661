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
    chunk() {
      const used = rows.subarray(0, filled);
      const chunk = { ...key, steps: columnOf(used, 0), values: columnOf(used, 1), lines: columnOf(used, 2) };
      const wallTimes = columnOf(used, 3);
      return wallTimes.every(Number.isFinite) ? { ...chunk, wallTimes } : chunk;
    },
  };
}

function columnOf(rows: Float64Array, place: number): Float64Array {
  const column = new Float64Array(rows.length / STRIDE);
  for (let at = 0; at < column.length; at += 1) {
    column[at] = rows[at * STRIDE + place] ?? Number.NaN;
  }
  return column;
}
