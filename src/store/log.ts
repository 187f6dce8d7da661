import type { ClipThreshold, LogBatch, LogFormat, LogProblem } from "#core/log.ts";
import { createProblemList } from "#core/problems.ts";
import type { LogFile } from "#core/run.ts";
import type { SeriesChunk, SeriesKey } from "#core/series.ts";
import type { ChainLog } from "./chains.ts";
import { withPath } from "./joined.ts";
import type { LogSeries } from "./joined.ts";
import { createSeries } from "./series.ts";

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

export function createLog({ path, format }: LogFile): GrowingLog {
  const byName = new Map<string, LogSeries>();
  let clipThreshold: ClipThreshold | null = null;
  const problems = createProblemList();
  let wallTimes: { first: number; last: number } | undefined;

  function seriesOf(chunk: SeriesChunk): LogSeries {
    const series = byName.get(chunk.name) ?? withPath(createSeries(keyOf(chunk)), path);
    byName.set(chunk.name, series);
    return series;
  }

  return {
    path,
    format,
    byName,
    get series() {
      return [...byName.values()];
    },
    get clipThreshold() {
      return clipThreshold;
    },
    get problems() {
      return problems.finish();
    },
    wallTimes: () => wallTimes,
    append(batch) {
      for (const chunk of batch.chunks) {
        seriesOf(chunk).append(chunk);
        wallTimes = widened(wallTimes, chunk.wallTimes);
      }
      clipThreshold ??= batch.clipThreshold;
      problems.addAll(batch.problems);
      return batch.chunks.reduce((sum, { steps }) => sum + steps.length, 0);
    },
  };
}

function keyOf({ kind, name, tensor, axis, isEstimate }: SeriesKey): SeriesKey {
  return {
    kind,
    name,
    tensor,
    ...(axis === undefined ? {} : { axis }),
    ...(isEstimate === undefined ? {} : { isEstimate }),
  };
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
