import type { ByteSource } from "#core/byteSource.ts";

/**
 * A source that is read in blocks, of which the last few are kept: the end of an item and the start of the next one lie in
 * one, and so do a hundred small items.
 */
export function inBlocks(source: ByteSource): ByteSource {
  const kept: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  return {
    name: source.name,
    size: source.size,
    async read(offset, length) {
      if (length > BLOCK_BYTES) {
        return source.read(offset, length);
      }
      const known = kept.find(({ start, bytes }) => offset >= start && offset + length <= start + bytes.length);
      if (known !== undefined) {
        return known.bytes.subarray(offset - known.start, offset - known.start + length);
      }
      const bytes = await source.read(offset, Math.max(length, Math.min(BLOCK_BYTES, source.size - offset)));
      kept.unshift({ start: offset, bytes });
      kept.splice(KEPT_BLOCKS);
      return bytes.subarray(0, length);
    },
  };
}

// The end of a zip archive is looked for in 65,557 bytes; the start of the next one lies behind it.
const BLOCK_BYTES = 80 * 1024;
const KEPT_BLOCKS = 3;
