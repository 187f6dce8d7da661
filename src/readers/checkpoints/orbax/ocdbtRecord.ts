import { zstdDecompressSync } from "node:zlib";

import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";

import { crc32c } from "../../crc32c.ts";

/** Which record of an OCDBT database: both have the same frame. */
export const MANIFEST_MAGIC = 0x0c_db_3a_2a;
export const NODE_MAGIC = 0x0c_db_20_de;

// TensorStore's own limit on a node is 8 MB by default, and Orbax asks for 100 MB.
export const MAX_RECORD_BYTES = 100_000_000;

/** The smallest frame: magic, length, version, compression, checksum. */
const FRAME_BYTES = 18;

export interface RecordPlace {
  readonly magic: number;
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

/** The body of a record: magic (big-endian), length, version, compression, body, checksum. Takes all of its bytes. */
export function openRecord(bytes: Uint8Array, { magic, file, offset }: RecordPlace): Outcome<Uint8Array> {
  const damaged = (what: string): Outcome<Uint8Array> =>
    malformed(offset, `${file}: ${what}. The database is damaged.`);
  if (bytes.length < FRAME_BYTES) {
    return damaged(`a record of ${bytes.length} bytes is shorter than its frame`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0) !== magic) {
    return damaged("no record of OCDBT starts here");
  }
  if (view.getBigUint64(4, true) !== BigInt(bytes.length)) {
    return damaged(`the record has ${view.getBigUint64(4, true)} bytes by its head, and ${bytes.length} by its place`);
  }
  const end = bytes.length - CHECKSUM_BYTES;
  if (crc32c(bytes.subarray(0, end)) !== view.getUint32(end, true)) {
    return damaged("the checksum of a record is wrong");
  }
  const [version = 0, compression = 0] = bytes.subarray(12, 14);
  if (version !== 0 || compression > 1) {
    return unsupported(`${file}: version ${version} of OCDBT, compression ${compression}, is not read by Gradlens.`);
  }
  const body = bytes.subarray(14, end);
  if (compression === 0) {
    return ok(body);
  }
  try {
    return ok(zstdDecompressSync(body, { maxOutputLength: MAX_RECORD_BYTES }));
  } catch (error) {
    return damaged(`a record cannot be decompressed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const CHECKSUM_BYTES = 4;
