import type { LogFormat } from "#core/log.ts";

/** A file, or a folder that is one checkpoint. */
export interface FoundFile {
  readonly folder: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly isFolder?: true;
}

/** A file or folder that could not be looked at. */
export interface Unreadable {
  readonly path: string;
  readonly reason: string;
}

/** A folder that is one log. */
export interface FoundLogFolder extends FoundFile {
  readonly format: LogFormat;
  /** Those in it that are read, and those in them. */
  readonly folders: readonly string[];
}
