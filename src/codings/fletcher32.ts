import { t } from "@vscode/l10n";

/** Takes HDF5's checksum off the end, and compares it. */
export function withoutFletcher32(bytes: Uint8Array): Uint8Array {
  if (bytes.length < CHECKSUM_BYTES) {
    throw new Error(t("they are too short for their checksum"));
  }
  const data = bytes.subarray(0, -CHECKSUM_BYTES);
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(-CHECKSUM_BYTES);
  const sum = fletcher32(data);
  // HDF5 before 1.6.3 wrote the bytes of both halves the other way round, and still accepts that.
  if (sum !== join(a, b, c, d) && sum !== join(b, a, d, c)) {
    throw new Error(t("their checksum is wrong"));
  }
  return data;
}

const CHECKSUM_BYTES = 4;

function join(a: number, b: number, c: number, d: number): number {
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** Fletcher's checksum over big-endian words of 16 bits, as HDF5 computes it. */
function fletcher32(data: Uint8Array): number {
  let [low, high] = [0, 0];
  for (let at = 0; at < data.length; at += 2) {
    low += ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
    high += low;
    if (at % FOLD_BYTES === FOLD_BYTES - 2) {
      low = fold(low);
      high = fold(high);
    }
  }
  return (fold(fold(high)) * 2 ** 16 + fold(fold(low))) >>> 0;
}

// So many words fit into 32 bits, which both sums must not leave.
const FOLD_BYTES = 720;

function fold(sum: number): number {
  return (sum & 0xffff) + (sum >>> 16);
}
