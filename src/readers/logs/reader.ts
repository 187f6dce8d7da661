import type { ClipThreshold, LogFormat, LogProblem } from "#core/log.ts";
import type { SeriesChunk } from "#core/series.ts";

/** One log format: what a file holds in, samples out. Never opens a path, never throws on bad input. */
export type LogReader = TextReader | RecordReader;

export interface TextReader {
  readonly format: LogFormat;
  /** `byLines`: text arrives in pieces of whole lines. `byReplacement`: always the whole file. */
  readonly growth: "byLines" | "byReplacement";
  readonly recognises: (head: LogHead) => boolean;
  /** Records in a head, for logs among other output: of the formats that find some, the one that finds most is meant. */
  readonly countRecords?: (text: string) => number;
  readonly parse: (text: string, from: ParseStart) => ParsedLog;
}

/** A binary log that only grows. */
export interface RecordReader {
  readonly format: LogFormat;
  readonly growth: "byRecords";
  readonly recognises: (head: RecordHead) => boolean;
  /** `bytes` begin where the last parse stopped; what is no whole record at their end is left for the next one. */
  readonly parse: (bytes: Uint8Array, from: RecordStart) => ParsedRecords;
}

/** The start of a text file, cut after its last whole line. */
export interface LogHead {
  /** File name without its folder. */
  readonly name: string;
  readonly text: string;
}

export interface RecordHead {
  readonly name: string;
  /** The first bytes, up to 256 KiB. */
  readonly bytes: Uint8Array;
}

export interface ParseStart {
  /** Zero-based line of the file with which the text begins. */
  readonly firstLine: number;
  /** What the last parse of the same file returned; empty at the file's start. */
  readonly carry: string;
}

export interface RecordStart {
  /** Bytes from the start of the file at which the bytes given begin. */
  readonly offset: number;
  /** Records before them, for the `lines` of samples. */
  readonly firstRecord: number;
  readonly carry: string;
  /** The file ends with these bytes: what is left over may be a torn record, or one that is still being written. */
  readonly isEnd: boolean;
}

export interface ParsedLog {
  readonly chunks: readonly SeriesChunk[];
  readonly carry: string;
  /** The last one seen in this text. */
  readonly clipThreshold: ClipThreshold | null;
  readonly problems: readonly LogProblem[];
}

export interface ParsedRecords extends ParsedLog {
  /** Bytes of whole records, and of damage that was passed over. */
  readonly consumed: number;
  readonly records: number;
}
