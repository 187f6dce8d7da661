import type { ClipThreshold, LogBatch, LogFormat, LogProblem } from "#core/log.ts";
import { createProblemList } from "#core/problems.ts";
import type { LogFile } from "#core/run.ts";
import type { SeriesChunk } from "#core/series.ts";
import type { ChainLog } from "./chains.ts";
import type { LogSeries } from "./series.ts";
import type { SharedKeys } from "./keys.ts";
import { createSeries } from "./columns/logSeries.ts";
import { createPool } from "./columns/pool.ts";

/** One log of a run with the series read from it. */
export interface LogRecord {
  readonly path: string;
  readonly format: LogFormat;
  readonly series: readonly LogSeries[];
  readonly clipThreshold: ClipThreshold | null;
  /** Lines that could not be read: the first ones, and how many more. */
  readonly problems: readonly LogProblem[];
}

export interface GrowingLog extends LogRecord, ChainLog {
  readonly byName: ReadonlyMap<string, LogSeries>;
  /** Returns how many samples were added. */
  readonly append: (batch: Pick<LogBatch, "chunks" | "clipThreshold" | "problems">) => number;
}

export function createLog({ path, format }: LogFile, keys: SharedKeys): GrowingLog {
  const home = { path, pool: createPool() };
  const byName = new Map<string, LogSeries>();
  /** In the order in which they were first logged. */
  const series: LogSeries[] = [];
  let clipThreshold: ClipThreshold | null = null;
  const problems = createProblemList();
  let wallTimes: { first: number; last: number } | undefined;

  /** Most often the names of a batch come in the order of those before: then none of ten thousand has to be looked up. */
  function seriesOf(chunk: SeriesChunk, index: number): LogSeries {
    const expected = series[index];
    return expected?.key.name === chunk.name ? expected : (byName.get(chunk.name) ?? begin(chunk));
  }

  function begin(chunk: SeriesChunk): LogSeries {
    const begun = createSeries(keys.of(chunk), home);
    byName.set(begun.key.name, begun);
    series.push(begun);
    return begun;
  }

  return {
    path,
    format,
    byName,
    series,
    get clipThreshold() {
      return clipThreshold;
    },
    get problems() {
      return problems.finish();
    },
    wallTimes: () => wallTimes,
    append(batch) {
      for (const [index, chunk] of batch.chunks.entries()) {
        seriesOf(chunk, index).append(isTimedTensor(chunk) ? withoutWallTimes(chunk) : chunk);
        wallTimes = widened(wallTimes, chunk.wallTimes);
      }
      clipThreshold ??= batch.clipThreshold;
      problems.addAll(batch.problems);
      return batch.chunks.reduce((sum, { steps }) => sum + steps.length, 0);
    },
  };
}

function isTimedTensor({ kind, wallTimes }: SeriesChunk): boolean {
  return kind === "tensorNorm" && wallTimes !== undefined;
}

/** Nothing asks when one of thousands of tensors was logged: that is told by the norm of them all. */
function withoutWallTimes(chunk: SeriesChunk): SeriesChunk {
  const { wallTimes: _, ...untimed } = chunk;
  return untimed;
}

function widened(
  known: { first: number; last: number } | undefined,
  times: Float64Array | undefined,
): { first: number; last: number } | undefined {
  let [first, last] = [known?.first ?? Infinity, known?.last ?? -Infinity];
  for (const time of times ?? []) {
    [first, last] = time < first ? [time, Math.max(last, time)] : [first, time > last ? time : last];
  }
  return first <= last ? { first, last } : undefined;
}
