import type { ByteSource } from "#core/byteSource.ts";
import { t } from "@vscode/l10n";

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => {
      if (!(offset >= 0 && offset + length <= bytes.length)) {
        throw new RangeError(
          t("{0}: bytes {1} to {2} are outside its {3} bytes.", name, offset, offset + length, bytes.length),
        );
      }
      return bytes.subarray(offset, offset + length);
    },
  };
}
