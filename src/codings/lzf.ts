import { t } from "@vscode/l10n";
import { copyBack, takeRun } from "./copies.ts";

/** The small compression of h5py (LibLZF): runs of bytes as they are, and copies of bytes before. */
export function decompressLzf(bytes: Uint8Array, decodedBytes: number): Uint8Array {
  const decoded = new Uint8Array(decodedBytes);
  let filled = 0;
  for (let at = 0; at < bytes.length;) {
    const control = bytes[at] ?? 0;
    const isRun = control < LONGEST_RUN;
    const isLong = control >> 5 === LONG_COPY;
    const length = isRun ? control + 1 : (control >> 5) + 2 + (isLong ? (bytes[at + 1] ?? 0) : 0);
    if (isRun) {
      takeRun(decoded, filled, { bytes, start: at + 1, length });
      at += 1 + length;
    } else {
      at += isLong ? 3 : 2;
      copyBack(decoded, filled, { distance: ((control & 0x1f) << 8) + (bytes[at - 1] ?? 0) + 1, length });
    }
    filled += length;
  }
  if (filled < decodedBytes) {
    throw new Error(t("they hold {0} of the {1} bytes they should", filled, decodedBytes));
  }
  return decoded;
}

/** Smaller controls are lengths of runs; larger ones start copies, whose length is in their upper three bits. */
const LONGEST_RUN = 32;
const LONG_COPY = 7;
