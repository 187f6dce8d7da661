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
// A column grows by blocks, which are put together once. They are small enough for the allocator to use them again.
const LARGEST_CAPACITY = 1024;

export function createSampleColumn(key: SeriesKey): SampleColumn {
  const full: Float64Array[] = [];
  let block = new Float64Array(FIRST_CAPACITY * STRIDE);
  let filled = 0;
  let before = 0;

  function beginBlock(): void {
    full.push(block);
    before += filled;
    block = new Float64Array(Math.min(before, LARGEST_CAPACITY * STRIDE));
    filled = 0;
  }

  return {
    key,
    add(value, { step, record, wallTime }) {
      if (filled === block.length) {
        beginBlock();
      }
      block[filled] = step;
      block[filled + 1] = value;
      block[filled + 2] = record;
      block[filled + 3] = wallTime;
      filled += STRIDE;
    },
    length: () => (before + filled) / STRIDE,
    chunk: () => ({ ...key, ...columnsOf([...full, block.subarray(0, filled)], (before + filled) / STRIDE) }),
  };
}

type Columns = Pick<SeriesChunk, "steps" | "values" | "lines" | "wallTimes">;

/** All four in one walk over the samples. */
function columnsOf(blocks: readonly Float64Array[], length: number): Columns {
  const [steps, values, lines] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  const wallTimes = new Float64Array(length);
  let areTimed = true;
  let sample = 0;
  for (const rows of blocks) {
    for (let at = 0; at < rows.length; at += STRIDE) {
      const wallTime = rows[at + 3] ?? Number.NaN;
      steps[sample] = rows[at] ?? Number.NaN;
      values[sample] = rows[at + 1] ?? Number.NaN;
      lines[sample] = rows[at + 2] ?? Number.NaN;
      wallTimes[sample] = wallTime;
      areTimed &&= Number.isFinite(wallTime);
      sample += 1;
    }
  }
  return areTimed ? { steps, values, lines, wallTimes } : { steps, values, lines };
}
