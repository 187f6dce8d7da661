import { t } from "@vscode/l10n";
import { copyBack, takeRun } from "./copies.ts";

/**
 * One block of LZ4 (lz4_Block_format.md): a token, a run of bytes as they are, a copy of bytes before. It must give exactly so
 * many bytes.
 */
export function decompressLz4(bytes: Uint8Array, decodedBytes: number): Uint8Array {
  const decoded = new Uint8Array(decodedBytes);
  let filled = 0;
  for (let at = 0; at < bytes.length;) {
    const token = bytes[at] ?? 0;
    const run = lengthAt(bytes, at + 1, token >> 4);
    takeRun(decoded, filled, { bytes, start: run.end, length: run.length });
    filled += run.length;
    at = run.end + run.length;
    if (at < bytes.length) {
      const distance = (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
      const copy = lengthAt(bytes, at + 2, token & LONG);
      copyBack(decoded, filled, { distance, length: copy.length + LEAST_COPY });
      filled += copy.length + LEAST_COPY;
      at = copy.end;
    }
  }
  if (filled < decodedBytes) {
    throw new Error(t("they hold {0} of the {1} bytes they should", filled, decodedBytes));
  }
  return decoded;
}

const LONG = 15;
const LEAST_COPY = 4;

/** A length of 15 goes on in the bytes that follow, as long as they are 255. */
function lengthAt(bytes: Uint8Array, start: number, short: number): { readonly length: number; readonly end: number } {
  let length = short;
  let end = start;
  for (let byte = short === LONG ? 255 : 0; byte === 255; end += 1) {
    byte = bytes[end] ?? 0;
    length += byte;
  }
  return { length, end };
}

const SIZE_BYTES = 4;

/** As numcodecs writes it: the number of bytes, and one block. */
export function decompressSizedLz4(bytes: Uint8Array, decodedBytes: number): Uint8Array {
  const size = bytes.length < SIZE_BYTES ? 0 : viewOf(bytes).getUint32(0, true);
  if (size !== decodedBytes) {
    throw new Error(t("they say to hold {0} bytes; {1} were expected", size, decodedBytes));
  }
  return decompressLz4(bytes.subarray(SIZE_BYTES), decodedBytes);
}

const HEADER_BYTES = 12;

/**
 * As HDF5's filter writes it, big-endian: all bytes, those of a block, then blocks after their sizes; some are stored as
 * they are.
 */
export function decompressLz4Blocks(bytes: Uint8Array, decodedBytes: number): Uint8Array {
  const view = viewOf(bytes);
  const blockBytes = bytes.length < HEADER_BYTES ? 0 : view.getUint32(8);
  if (blockBytes === 0 || Number(view.getBigUint64(0)) !== decodedBytes) {
    throw new Error(t("their header does not name the {0} bytes that were expected", decodedBytes));
  }
  const decoded = new Uint8Array(decodedBytes);
  let at = HEADER_BYTES;
  for (let filled = 0; filled < decodedBytes; filled += blockBytes) {
    const length = Math.min(blockBytes, decodedBytes - filled);
    const stored = at + SIZE_BYTES > bytes.length ? Number.POSITIVE_INFINITY : view.getUint32(at);
    at += SIZE_BYTES;
    if (at + stored > bytes.length) {
      throw new Error(t("they end inside a block"));
    }
    const block = bytes.subarray(at, at + stored);
    decoded.set(stored === length ? block : decompressLz4(block, length), filled);
    at += stored;
  }
  return decoded;
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
