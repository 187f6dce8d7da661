/** The small compression of h5py (LibLZF): runs of bytes as they are, and copies of bytes before. */
export function decompressLzf(bytes: Uint8Array, decodedBytes: number): Uint8Array {
  const decoded = new Uint8Array(decodedBytes);
  let filled = 0;
  for (let at = 0; at < bytes.length;) {
    const control = bytes[at] ?? 0;
    const isRun = control < LONGEST_RUN;
    const isLong = control >> 5 === LONG_COPY;
    const length = isRun ? control + 1 : (control >> 5) + 2 + (isLong ? (bytes[at + 1] ?? 0) : 0);
    if (filled + length > decodedBytes) {
      throw new Error(`they hold more than the ${decodedBytes} bytes they should`);
    }
    if (isRun) {
      decoded.set(takeRun(bytes, at + 1, length), filled);
      at += 1 + length;
    } else {
      at += isLong ? 3 : 2;
      copyBack(decoded, filled, { distance: ((control & 0x1f) << 8) + (bytes[at - 1] ?? 0) + 1, length });
    }
    filled += length;
  }
  if (filled < decodedBytes) {
    throw new Error(`they hold ${filled} of the ${decodedBytes} bytes they should`);
  }
  return decoded;
}

/** Smaller controls are lengths of runs; larger ones start copies, whose length is in their upper three bits. */
const LONGEST_RUN = 32;
const LONG_COPY = 7;

function takeRun(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > bytes.length) {
    throw new Error("they end inside a run");
  }
  return bytes.subarray(start, start + length);
}

interface Copy {
  readonly distance: number;
  readonly length: number;
}

/** Byte by byte, because a copy may reach into itself. */
function copyBack(decoded: Uint8Array, filled: number, { distance, length }: Copy): void {
  if (distance > filled) {
    throw new Error("they copy bytes from before their start");
  }
  for (let at = filled; at < filled + length; at += 1) {
    decoded[at] = decoded[at - distance] ?? 0;
  }
}
