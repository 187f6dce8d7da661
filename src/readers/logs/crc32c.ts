// The Castagnoli polynomial, bits reversed.
const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

const TABLE = createTable();

/** CRC-32C as TFRecord stores it: rotated and shifted, since the CRC of data that holds its own CRC is no check. */
export function maskedCrc32c(bytes: Uint8Array, start: number, end: number): number {
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Eight bytes at a time by eight tables ("slicing by 8"): 600 MB/s, a byte at a time has a third of it. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  let at = start;
  for (; at + SLICES <= end; at += SLICES) {
    const low = crc ^ wordAt(bytes, at);
    const high = wordAt(bytes, at + 4);
    crc =
      slice(7, low) ^
      slice(6, low >>> 8) ^
      slice(5, low >>> 16) ^
      slice(4, low >>> 24) ^
      slice(3, high) ^
      slice(2, high >>> 8) ^
      slice(1, high >>> 16) ^
      slice(0, high >>> 24);
  }
  for (; at < end; at += 1) {
    crc = slice(0, crc ^ (bytes[at] ?? 0)) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

function slice(table: number, byte: number): number {
  return TABLE[(table << 8) | (byte & 0xff)] ?? 0;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** Table n holds what a byte leaves in the CRC after n more bytes of zero. */
function createTable(): Int32Array {
  const table = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    }
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at += 1) {
    const before = table[at - 256] ?? 0;
    table[at] = (before >>> 8) ^ (table[before & 0xff] ?? 0);
  }
  return table;
}
