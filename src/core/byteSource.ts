/** The narrow waist between the disk and the readers: a thing with a size that gives exact ranges. */
export interface ByteSource {
  /** File name for messages and for guessing a tensor's kind; never opened by a reader. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`, or a rejection: a short read must never look like zeros. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/** A checkpoint's folder: the one place a reader may ask for further files from. */
export interface FolderSource {
  /** Its name, for messages. */
  readonly name: string;
  /** Paths of files below it, relative, with `/`, in order; hidden ones too. Limited in count and depth. */
  readonly list: () => Promise<readonly string[]>;
  /**
   * A file of it by its relative path; undefined when there is none. Rejects with a sentence for people when the path, or
   * what a link in it points to, is outside the folder. The opener closes it.
   */
  readonly open: (path: string) => Promise<ByteSource | undefined>;
}

/** Fills all of `target` from an offset, or rejects: a read without an allocation. */
export type ReadInto = (target: Uint8Array, offset: number) => Promise<void>;
