/** The narrow waist between the disk and the readers: a thing with a size that gives exact ranges. */
export interface ByteSource {
  /** File name for messages and for guessing a tensor's kind; never opened by a reader. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`, or a rejection: a short read must never look like zeros. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}
