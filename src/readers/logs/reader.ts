import type { ClipThreshold, LogFormat, LogProblem } from "#core/log.ts";
import type { Database } from "#core/database.ts";
import type { SeriesChunk } from "#core/series.ts";

/** One log format: what a file holds in, samples out. Never opens a path, never throws on bad input. */
export type LogReader = TextReader | RecordReader | FolderReader | DatabaseReader;

export interface TextReader {
  readonly format: LogFormat;
  /** `byLines`: text arrives in pieces of whole lines. `byReplacement`: always the whole file. */
  readonly growth: "byLines" | "byReplacement";
  readonly recognises: (head: LogHead) => boolean;
  /** Records in a head, for logs among other output: of the formats that find some, the one that finds most is meant. */
  readonly countRecords?: (text: string) => number;
  readonly parse: (text: string, from: ParseStart) => ParsedLog;
  /**
   * With what carry the last part of a long log may be parsed when only its start was: made of the carry after the start.
   * Null, or missing, when samples there cannot be told without all that comes before.
   */
  readonly carryFarOn?: (carryAfterStart: string) => string | null;
}

/** A binary log that only grows. */
export interface RecordReader {
  readonly format: LogFormat;
  readonly growth: "byRecords";
  readonly recognises: (head: RecordHead) => boolean;
  /** `bytes` begin where the last parse stopped; what is no whole record at their end is left for the next one. */
  readonly parse: (bytes: Uint8Array, from: RecordStart) => ParsedRecords;
}

/** A log that is a folder: one small file for each series, which only grows. */
export interface FolderReader {
  readonly format: LogFormat;
  readonly growth: "byFolder";
  /** By the names in the folder. */
  readonly recognises: (names: readonly string[]) => boolean;
  /** Folders inside it that are looked into, at any depth. */
  readonly folders: readonly string[];
  /** `byLines`: whole lines of it are given as it grows. `byReplacement`: all of it, once it changed. */
  readonly growthOf: (path: string) => "byLines" | "byReplacement" | "unread";
  readonly parse: (files: readonly FileText[], carry: string) => ParsedFolder;
}

/** New text of a file of a folder. */
export interface FileText {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly firstLine: number;
}

export interface ParsedFolder extends ParsedLog {
  /** Samples came that belong before some that were given: the folder must be read from its start. */
  readonly isLate: boolean;
}

/** A log in a database that is asked for what is new. */
export interface DatabaseReader {
  readonly format: LogFormat;
  readonly growth: "byQueries";
  /** By the columns of its tables. */
  readonly recognises: (tables: Tables) => boolean;
  /** Throws only what the database throws. */
  readonly read: (database: Database, from: QueryStart) => ReadRows;
}

export type Tables = Readonly<Record<string, readonly string[] | undefined>>;

export interface QueryStart {
  /** Name or id of the run that is asked for; null for the latest one. */
  readonly run: string | null;
  /** What the last read of the same database returned; empty at the start. */
  readonly carry: string;
}

export interface ReadRows extends ParsedLog {
  /** Rows of the run that were read so far, these included. */
  readonly rows: number;
  /** The rows begin at the run's first: forget what was said earlier. */
  readonly restarted: boolean;
  readonly more: boolean;
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
  /** File name without its folder, for messages. */
  readonly name?: string;
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
  /** The first one in this text: it stays, however the log grows. */
  readonly clipThreshold: ClipThreshold | null;
  readonly problems: readonly LogProblem[];
}

export interface ParsedRecords extends ParsedLog {
  /** Bytes of whole records, and of damage that was passed over. */
  readonly consumed: number;
  readonly records: number;
}
