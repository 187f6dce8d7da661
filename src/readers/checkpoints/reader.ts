import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import type { CheckpointFormat, CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";

/** How one format of a single file is told from others and indexed. Nothing is executed, no data loaded. */
export interface FileReader {
  readonly format: CheckpointFormat;
  /** By content; the first reader of the table that says yes reads the file. */
  readonly recognises: (probe: Probe) => boolean | Promise<boolean>;
  /** Rejects only when the source does. Companions are files beside it: shards, external data. */
  readonly readIndex: (source: ByteSource, companions: FolderSource) => Promise<Outcome<CheckpointIndex>>;
}

/** What a format can be recognised by. */
export interface Probe {
  readonly source: ByteSource;
  /** The first bytes of the file: 4096, or fewer when it has fewer. */
  readonly head: Uint8Array;
}

/** How a checkpoint that is a whole folder is told from others and indexed. */
export interface FolderReader {
  readonly format: CheckpointFormat;
  /** By the names in it; the first reader of the table that says yes reads the folder. */
  readonly recognises: (paths: readonly string[]) => boolean;
  /** Parts name files relative to the folder. */
  readonly readIndex: (folder: FolderSource) => Promise<Outcome<CheckpointIndex>>;
}
