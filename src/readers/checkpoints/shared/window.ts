import type { ByteSource } from "#core/byteSource.ts";

/** A range of a source as a source of its own: offsets in it count from its start. The range lies in the source. */
export function windowOf(source: ByteSource, offset: number, length: number): ByteSource {
  const { name, size } = source;
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    throw new RangeError(`${name}: bytes ${offset} to ${offset + length} are outside the file (${size} bytes).`);
  }
  return {
    name,
    size: length,
    async read(at, count) {
      if (!(at >= 0 && count >= 0 && at + count <= length)) {
        throw new RangeError(`${name}: bytes ${at} to ${at + count} are outside a window of ${length} bytes.`);
      }
      return source.read(offset + at, count);
    },
  };
}
