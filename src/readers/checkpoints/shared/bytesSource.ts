import type { ByteSource } from "#core/byteSource.ts";

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => {
      if (!(offset >= 0 && offset + length <= bytes.length)) {
        throw new RangeError(`${name}: bytes ${offset} to ${offset + length} are outside its ${bytes.length} bytes.`);
      }
      return bytes.subarray(offset, offset + length);
    },
  };
}
