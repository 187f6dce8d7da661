import { LOG_FORMATS_BY_PRECISION } from "#core/log.ts";
import type { ClipThreshold, LogBatch, LogEnd } from "#core/log.ts";
import type { LogFile } from "#core/run.ts";
import type { SharedKeys } from "./keys.ts";
import { createLog } from "./log.ts";
import type { GrowingLog, LogRecord } from "./log.ts";
import type { LogSeries } from "./series.ts";
import { createStaleLogs } from "./staleLogs.ts";

/** What a batch changed in what is shown: nothing while it belongs to a log whose end is shown. */
export type Change = "samples" | "restarted" | "nothing";

export interface Appended {
  readonly what: Change;
  readonly samples: number;
  /** The log is another one than before, is no longer stale, or has series it had not. */
  readonly isNew: boolean;
}

/** The logs of a run. Of a long one its end stands in for it, until a batch says that no more are waiting. */
export interface RunLogs {
  /** Those that are shown, the most precise first. */
  readonly ordered: () => GrowingLog[];
  readonly count: () => number;
  /** Whether a log may be of the training before: it has said nothing since another one was begun anew. */
  readonly isStale: (path: string) => boolean;
  readonly series: () => LogSeries[];
  readonly append: (file: LogFile, batch: LogBatch) => Appended;
  readonly showEnd: (file: LogFile, end: LogEnd) => void;
  /** Paths of logs whose end is shown. */
  readonly filling: () => readonly string[];
  readonly clipThreshold: () => ClipThreshold | null;
  /** True when it was there. */
  readonly remove: (path: string) => boolean;
}

export function createRunLogs(keys: SharedKeys): RunLogs {
  const shown = new Map<string, GrowingLog>();
  const filling = new Map<string, GrowingLog>();
  const stale = createStaleLogs();
  const ordered = (): GrowingLog[] => [...shown.values()].toSorted(byPrecision);

  function fill(file: LogFile, batch: LogBatch): Appended {
    const log = (batch.restarted ? undefined : filling.get(file.path)) ?? createLog(file, keys);
    filling.set(file.path, log);
    const samples = log.append(batch);
    if (batch.more) {
      return { what: "nothing", samples, isNew: false };
    }
    filling.delete(file.path);
    shown.set(file.path, log);
    return { what: "restarted", samples, isNew: true };
  }

  return {
    ordered,
    count: () => shown.size,
    isStale: stale.has,
    series: () => [...filling.values(), ...shown.values()].flatMap((log) => [...log.byName.values()]),
    append(file, batch) {
      if (filling.has(file.path)) {
        return fill(file, batch);
      }
      const before = shown.get(file.path);
      const known = batch.restarted ? undefined : before;
      const log = known ?? createLog(file, keys);
      shown.set(file.path, log);
      const seriesBefore = log.byName.size;
      const samples = log.append(batch);
      const wasStale = samples > 0 && stale.grow(file.path);
      if (known === undefined && before !== undefined && lastStep(log) < lastStep(before)) {
        stale.begin(file.path, shown.keys());
      }
      const isNew = known === undefined || wasStale || log.byName.size > seriesBefore;
      return { what: batch.restarted ? "restarted" : "samples", samples, isNew };
    },
    showEnd(file, { chunks }) {
      const end = createLog(file, keys);
      end.append({ chunks, clipThreshold: null, problems: [] });
      filling.set(file.path, filling.get(file.path) ?? shown.get(file.path) ?? createLog(file, keys));
      shown.set(file.path, end);
    },
    filling: () => [...filling.keys()],
    clipThreshold: () =>
      [...filling.values(), ...ordered()].find((log) => log.clipThreshold !== null)?.clipThreshold ?? null,
    remove(path) {
      filling.delete(path);
      return shown.delete(path);
    },
  };
}

function lastStep({ series }: LogRecord): number {
  return series.reduce((last, one) => Math.max(last, one.last()?.step ?? -Infinity), -Infinity);
}

/** Equally precise logs are ordered by path: which of them was read first is chance. */
function byPrecision(a: LogRecord, b: LogRecord): number {
  const difference = LOG_FORMATS_BY_PRECISION.indexOf(a.format) - LOG_FORMATS_BY_PRECISION.indexOf(b.format);
  return difference === 0 ? Number(a.path > b.path) - Number(a.path < b.path) : difference;
}
