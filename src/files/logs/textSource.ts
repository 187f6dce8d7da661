import type { TextPosition } from "./logText.ts";

/** A text file's bytes, whether they are stored as they are or compressed. Whoever opens it closes it. */
export interface TextSource {
  /** Bytes of text; Infinity while the end of compressed text has not been met. */
  readonly size: () => number;
  /**
   * Up to `length` bytes from `offset`: fewer at the end. Offsets of compressed text may not go back. `memory` is where they
   * may be put.
   */
  readonly read: (offset: number, length: number, memory?: Buffer) => Promise<Buffer>;
  /** Names the file and what was read of it, up to `offset`. */
  readonly identityAt: (offset: number) => Promise<string>;
  /** Tells whether any of it changed, for files that are read as a whole. */
  readonly wholeIdentity: string;
  /** Whether a position is one of this file, as it is now; and whether nothing can lie after it. */
  readonly compare: (from: TextPosition) => Promise<"other" | "same" | "allRead">;
  /** Why the text ends before it should; null when all is well, also for a file that is still being written. */
  readonly damage: () => string | null;
  readonly close: () => Promise<void>;
}
