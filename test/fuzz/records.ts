import { wandbLog } from "../support/wandb.ts";
import { tfRecord } from "../support/tfEvents.ts";

const BEFORE_RECORD = Buffer.from("\0<~record~>");

/** Records as one input, without lengths or checksums, which no change would get right. */
export function packRecords(records: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(records.flatMap((record) => [BEFORE_RECORD, record]));
}

export function fragmentsOf(input: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length);
  const records: Uint8Array[] = [];
  for (let start = bytes.indexOf(BEFORE_RECORD); start >= 0;) {
    const next = bytes.indexOf(BEFORE_RECORD, start + BEFORE_RECORD.length);
    records.push(bytes.subarray(start + BEFORE_RECORD.length, next < 0 ? bytes.length : next));
    start = next;
  }
  return records;
}

/** The log that holds these records, each with a checksum that is right. */
export function framedBy(format: string, records: readonly Uint8Array[]): Uint8Array {
  return format === "wandb" ? wandbLog(...records) : Buffer.concat(records.map(tfRecord));
}
