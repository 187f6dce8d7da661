import { t } from "@vscode/l10n";
import type { Bytes } from "./bytes.ts";

/** Turns numbers of so many bytes around, also where one lies across two pieces. */
export async function* swapBytes(bytes: Bytes, width: number): Bytes {
  const torn = new Uint8Array(width);
  let tornBytes = 0;
  for await (const piece of bytes) {
    const rest = piece.subarray(0, tornBytes === 0 ? 0 : width - tornBytes);
    torn.set(rest, tornBytes);
    tornBytes += rest.length;
    if (tornBytes === width) {
      yield torn.toReversed();
      tornBytes = 0;
    }
    const end = piece.length - ((piece.length - rest.length) % width);
    if (end > rest.length) {
      yield swapInPlace(piece.subarray(rest.length, end), width);
    }
    if (end < piece.length) {
      torn.set(piece.subarray(end));
      tornBytes = piece.length - end;
    }
  }
  if (tornBytes > 0) {
    throw new Error(t("the last number has {0} of {1} bytes", tornBytes, width));
  }
}

/** Takes whole numbers; gives the same bytes, turned. */
export function swapInPlace(bytes: Uint8Array, width: number): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (width) {
    case 1:
      return bytes;
    case 2:
      return buffer.swap16();
    case 4:
      return buffer.swap32();
    case 8:
      return buffer.swap64();
    default:
      return swapOneByOne(bytes, width);
  }
}

function swapOneByOne(bytes: Uint8Array, width: number): Uint8Array {
  for (let start = 0; start < bytes.length; start += width) {
    for (let left = start, right = start + width - 1; left < right; left += 1, right -= 1) {
      const kept = bytes[left] ?? 0;
      bytes[left] = bytes[right] ?? 0;
      bytes[right] = kept;
    }
  }
  return bytes;
}
