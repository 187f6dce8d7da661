import type { LogFormat } from "./log.ts";

export interface LogFile {
  readonly path: string;
  readonly format: LogFormat;
  /** Of a log that is a folder: those in it whose files grow. */
  readonly folders?: readonly string[];
}

export interface CheckpointFile {
  readonly path: string;
  /** From the folder's or the file's name (`checkpoint-300`); null when it names none. */
  readonly step: number | null;
  readonly bytes: number;
}

/** A folder with logs or checkpoints of one training. */
export interface RunFiles {
  readonly folder: string;
  readonly logs: readonly LogFile[];
  readonly checkpoints: readonly CheckpointFile[];
  /** Milliseconds since the epoch of the newest file. */
  readonly modifiedMs: number;
}
