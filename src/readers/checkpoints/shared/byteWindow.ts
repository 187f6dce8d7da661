import type { ByteSource } from "#core/byteSource.ts";

/** A piece of a source in memory, moved over it: small fields that follow each other need no read each. */
export interface ByteWindow {
  readonly size: number;
  /** The bytes in memory. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where they start in the source. */
  readonly start: number;
  /** Whether so many bytes from an offset are in memory; at the end of the source, those that are left. */
  readonly has: (offset: number, length: number) => boolean;
  /** Brings them there. */
  readonly load: (offset: number, length: number) => Promise<void>;
}

// After a jump over data little is wanted; what is read on and on is read in larger pieces.
const MIN_BYTES = 4096;
const MAX_BYTES = 256 * 1024;

export function createByteWindow({ size, read }: ByteSource): ByteWindow {
  let bytes: Uint8Array = new Uint8Array();
  let view = new DataView(bytes.buffer);
  let start = 0;
  let step = MIN_BYTES;
  return {
    size,
    get bytes() {
      return bytes;
    },
    get view() {
      return view;
    },
    get start() {
      return start;
    },
    has: (offset, length) => offset >= start && Math.min(offset + length, size) <= start + bytes.length,
    async load(offset, length) {
      const goesOn = offset >= start && offset <= start + bytes.length;
      step = goesOn ? Math.min(2 * step, MAX_BYTES) : MIN_BYTES;
      bytes = await read(offset, Math.min(Math.max(length, step), size - offset));
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      start = offset;
    },
  };
}
