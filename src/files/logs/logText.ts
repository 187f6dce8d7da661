import type { LogProblem } from "#core/log.ts";

/** Where reading stopped: the part of a LogPosition that the disk knows about. */
export interface TextPosition {
  readonly offset: number;
  readonly line: number;
  readonly identity: string;
}

/** Whole lines of a log and where to go on. */
export interface LogText extends TextPosition {
  readonly text: string;
  /** Zero-based line of the file with which `text` begins. */
  readonly firstLine: number;
  /** The file is not the one that was read before: `text` begins at its start. */
  readonly restarted: boolean;
  readonly more: boolean;
  readonly problems: readonly LogProblem[];
}
