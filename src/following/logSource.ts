import type { LogBatch, LogEnd, LogPosition } from "#core/log.ts";
import type { RunFiles } from "#core/run.ts";
import type { Unseen } from "#core/unseen.ts";

/** Who reads logs: a worker process, or this one. Every call rejects with a sentence for people. */
export interface LogSource {
  readonly findRuns: (folder: string, options: FindOptions) => Promise<FoundRuns>;
  /** The samples after a position, or from the start. It says when it begins: others may be read before. */
  readonly readLog: (
    path: string,
    position: LogPosition | null,
    patterns: readonly string[],
    onBegin?: () => void,
  ) => Promise<LogBatch>;
  /** The end of a log of which much is left to read after a position; null where it cannot be told alone. */
  readonly readLogEnd: (path: string, position: LogPosition, patterns: readonly string[]) => Promise<LogEnd | null>;
}

export interface FindOptions {
  readonly maxEntries: number;
  /** Milliseconds after which the search ends with what it has found. */
  readonly maxMs: number;
  readonly customPatterns: readonly string[];
}

export interface FoundRuns extends Unseen {
  readonly runs: readonly RunFiles[];
}
