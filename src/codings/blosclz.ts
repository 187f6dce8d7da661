import { t } from "@vscode/l10n";
import { copyBack, takeRun } from "./copies.ts";

/** Blosc's own compression, of FastLZ's family: runs of bytes as they are, and copies of bytes before. Exactly so many bytes. */
export function decompressBlosclz(bytes: Uint8Array, decodedBytes: number): Uint8Array {
  const decoded = new Uint8Array(decodedBytes);
  let filled = 0;
  let at = 0;
  while (at < bytes.length) {
    const control = (bytes[at] ?? 0) & (at === 0 ? FIRST_CONTROL : 255); // Nothing can be copied yet.
    if (control < LONGEST_RUN) {
      takeRun(decoded, filled, { bytes, start: at + 1, length: control + 1 });
      filled += control + 1;
      at += control + 2;
    } else {
      const { distance, length, end } = copyAt(bytes, at);
      copyBack(decoded, filled, { distance, length });
      filled += length;
      at = end;
    }
  }
  if (filled < decodedBytes) {
    throw new Error(t("they hold {0} of the {1} bytes they should", filled, decodedBytes));
  }
  return decoded;
}

const FIRST_CONTROL = 31;
const LONGEST_RUN = 32;
const LONG = 7;
/** Distances that are all ones go on in two bytes more, from here. */
const FAR = 8191;

interface CopyAt {
  readonly distance: number;
  readonly length: number;
  readonly end: number;
}

/** Length in the upper three bits, then bytes of it as long as they are 255; distance in the lower five and a byte. */
function copyAt(bytes: Uint8Array, start: number): CopyAt {
  const control = bytes[start] ?? 0;
  let length = control >> 5;
  let end = start + 1;
  for (let byte = length === LONG ? 255 : 0; byte === 255; end += 1) {
    byte = bytes[end] ?? 0;
    length += byte;
  }
  const near = ((control & 31) << 8) + (bytes[end] ?? 0);
  end += 1;
  return near === FAR
    ? { distance: FAR + 1 + 256 * (bytes[end] ?? 0) + (bytes[end + 1] ?? 0), length: length + 2, end: end + 2 }
    : { distance: near + 1, length: length + 2, end };
}
