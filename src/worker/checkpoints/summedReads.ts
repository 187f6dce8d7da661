import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import { announceRead } from "#files/checkpoints/largeReads.ts";

/** A folder, and a file of it, whose bytes count together. */
export interface SummedReads extends FolderSource {
  readonly of: (source: ByteSource) => ByteSource;
}

// Less is taken apart in a tenth of a second.
const FIRST_BYTES = 2 ** 20;

/**
 * An index may be read in a hundred thousand little pieces and then be put in order at once: so what was read so far is
 * announced as if it had come in one piece, whenever it has doubled.
 */
export function createSummedReads({ name, list, open }: FolderSource): SummedReads {
  let bytes = 0;
  let nextBytes = FIRST_BYTES;

  function count(length: number): void {
    bytes += length;
    if (bytes > nextBytes) {
      announceRead(bytes);
      nextBytes = 2 * bytes;
    }
  }

  const of = (source: ByteSource): ByteSource => ({
    ...source,
    async read(offset, length) {
      const read = await source.read(offset, length);
      count(length);
      return read;
    },
  });
  return {
    name,
    list,
    async open(path) {
      const source = await open(path);
      return source && of(source);
    },
    of,
  };
}
