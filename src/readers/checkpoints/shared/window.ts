import type { ByteSource } from "#core/byteSource.ts";
import { t } from "@vscode/l10n";

/** A range of a source as a source of its own: offsets in it count from its start. The range lies in the source. */
export function windowOf(source: ByteSource, offset: number, length: number): ByteSource {
  const { name, size } = source;
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    throw new RangeError(
      t("{0}: bytes {1} to {2} are outside the file ({3} bytes).", name, offset, offset + length, size),
    );
  }
  return {
    name,
    size: length,
    async read(at, count) {
      if (!(at >= 0 && count >= 0 && at + count <= length)) {
        throw new RangeError(
          t("{0}: bytes {1} to {2} are outside a window of {3} bytes.", name, at, at + count, length),
        );
      }
      return source.read(offset + at, count);
    },
  };
}
