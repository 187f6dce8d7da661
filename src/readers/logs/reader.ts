import type { ClipThreshold, LogFormat, LogProblem } from "#core/log.ts";
import type { SeriesChunk } from "#core/series.ts";

/** One log format: text in, samples out. Never opens a path, never throws on bad input. */
export interface LogReader {
  readonly format: LogFormat;
  /** `byLines`: text arrives in pieces of whole lines. `byReplacement`: always the whole file. */
  readonly growth: "byLines" | "byReplacement";
  readonly recognises: (head: LogHead) => boolean;
  readonly parse: (text: string, from: ParseStart) => ParsedLog;
}

/** The start of a file, cut after its last whole line. */
export interface LogHead {
  /** File name without its folder. */
  readonly name: string;
  readonly text: string;
}

export interface ParseStart {
  /** Zero-based line of the file with which the text begins. */
  readonly firstLine: number;
  /** What the last parse of the same file returned; empty at the file's start. */
  readonly carry: string;
}

export interface ParsedLog {
  readonly chunks: readonly SeriesChunk[];
  readonly carry: string;
  /** The last one seen in this text. */
  readonly clipThreshold: ClipThreshold | null;
  readonly problems: readonly LogProblem[];
}
