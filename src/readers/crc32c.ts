// The Castagnoli polynomial, bits reversed.
const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

// Not exported: V8 reads an export anew each time, which took a third more time.
const TABLE = createTable();

/** Table n of 256 words holds what a byte leaves in the CRC after n more bytes of zero. */
export function crc32cTables(): Readonly<Int32Array> {
  return TABLE;
}

/** CRC-32C (Castagnoli), as RFC 3720 has it. node:zlib has another polynomial. */
export function crc32c(bytes: Uint8Array): number {
  return crc32cIn(viewOf(bytes), 0, bytes.length);
}

/** As TFRecords and LevelDB's tables store it: rotated and shifted, since the CRC of data that holds its own CRC is no check. */
export function maskedCrc32c(bytes: Uint8Array): number {
  return maskedCrc32cIn(viewOf(bytes), 0, bytes.length);
}

export function maskedCrc32cIn(view: DataView, start: number, end: number): number {
  const crc = crc32cIn(view, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** Eight bytes at a time by eight tables ("slicing by 8"), read as words: 1.2 GB/s, half of it read byte by byte. */
function crc32cIn(view: DataView, start: number, end: number): number {
  let crc = -1;
  let at = start;
  for (; at + SLICES <= end; at += SLICES) {
    crc = word(4, crc ^ view.getInt32(at, true)) ^ word(0, view.getInt32(at + 4, true));
  }
  if (at + 4 <= end) {
    crc = word(0, crc ^ view.getInt32(at, true));
    at += 4;
  }
  for (; at < end; at += 1) {
    crc = slice(0, crc ^ view.getUint8(at)) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** What four bytes leave in the CRC when `after` more bytes follow. */
function word(after: number, bytes: number): number {
  return (
    slice(after + 3, bytes) ^
    slice(after + 2, bytes >>> 8) ^
    slice(after + 1, bytes >>> 16) ^
    slice(after, bytes >>> 24)
  );
}

function slice(table: number, byte: number): number {
  return TABLE[(table << 8) | (byte & 0xff)] ?? 0;
}

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
