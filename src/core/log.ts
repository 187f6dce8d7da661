import type { SeriesChunk } from "./series.ts";

/** Most precise first: of files that hold the same run as far, the first of these is shown. */
export const LOG_FORMATS_BY_PRECISION = [
  "custom",
  "jsonl",
  "mmcv",
  "csv",
  "trainerState",
  "wandb",
  "mlflow",
  "mlflowDatabase",
  "trackio",
  "tensorBoard",
  "verl",
  "megatron",
  "torchtitan",
  "olmo",
  "composer",
  "fairseq",
  "espnet",
  "swin",
  "metricLogger",
  "mmengine",
  "clu",
  "pipeLines",
  "huggingFaceConsole",
  "keyValueLines",
  "deepspeed",
  "settingsFile",
] as const;

export type LogFormat = (typeof LOG_FORMATS_BY_PRECISION)[number];

/**
 * Where reading of a log stopped, all that is needed to go on. The reader's side makes it, the asking side only
 * keeps it and sends it back, so the process that reads may be killed at any time.
 */
export interface LogPosition {
  readonly format: LogFormat;
  /** Bytes consumed, always up to the end of a line or record. */
  readonly offset: number;
  /** Lines or records consumed. */
  readonly line: number;
  /** Recognises the file when it is replaced or rewritten: inode and a hash of bytes that were read. */
  readonly identity: string;
  /** What the format's parser must remember between two reads, as JSON: a CSV header, the last progress bar. */
  readonly carry: string;
}

/** The clip threshold a log records, e.g. from a config line. */
export interface ClipThreshold {
  readonly value: number;
  /** Where it was found: a key and a line for people. */
  readonly source: string;
}

export interface LogProblem {
  /** Zero-based. */
  readonly line: number;
  readonly reason: string;
  /** For how many lines it stands; one when it is missing. */
  readonly count?: number;
}

/** What one read of a log gave. */
export interface LogBatch {
  readonly chunks: readonly SeriesChunk[];
  readonly position: LogPosition;
  /** The file was replaced, truncated or rewritten: forget what earlier batches of it said. */
  readonly restarted: boolean;
  /** More complete lines are waiting: ask again. */
  readonly more: boolean;
  readonly clipThreshold: ClipThreshold | null;
  readonly problems: readonly LogProblem[];
}

/** The last part of a long log, to be shown until all before it is read. Its samples have NaN for their lines. */
export interface LogEnd {
  readonly chunks: readonly SeriesChunk[];
}
