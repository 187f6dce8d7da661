import { zstdDecompressSync } from "node:zlib";

import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { messageOf } from "#core/messageOf.ts";
import { t } from "@vscode/l10n";

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
    malformed(offset, t("{0}: {1}. The database is damaged.", file, what));
  if (bytes.length < FRAME_BYTES) {
    return damaged(t("a record of {0} bytes is shorter than its frame", bytes.length));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0) !== magic) {
    return damaged(t("no record of OCDBT starts here"));
  }
  if (view.getBigUint64(4, true) !== BigInt(bytes.length)) {
    return damaged(
      t("the record has {0} bytes by its head, and {1} by its place", String(view.getBigUint64(4, true)), bytes.length),
    );
  }
  const end = bytes.length - CHECKSUM_BYTES;
  if (crc32c(bytes.subarray(0, end)) !== view.getUint32(end, true)) {
    return damaged(t("the checksum of a record is wrong"));
  }
  const [version = 0, compression = 0] = bytes.subarray(12, 14);
  if (version !== 0 || compression > 1) {
    return unsupported(
      t("{0}: version {1} of OCDBT, compression {2}, is not read by Gradlens.", file, version, compression),
    );
  }
  const body = bytes.subarray(14, end);
  if (compression === 0) {
    return ok(body);
  }
  try {
    return ok(zstdDecompressSync(body, { maxOutputLength: MAX_RECORD_BYTES }));
  } catch (error) {
    return damaged(t("a record cannot be decompressed: {0}", messageOf(error)));
  }
}

const CHECKSUM_BYTES = 4;
