import { crc32 } from "node:zlib";
import { bytesField, message, varintField } from "./recordFields.ts";

const BLOCK_BYTES = 32_768;
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4];

/** A transaction log of Weights & Biases with these records, cut into fragments at the borders of its blocks. */
export function wandbLog(...records: readonly Uint8Array[]): Buffer {
  const pieces: Uint8Array[] = [WANDB_HEADER];
  let at = WANDB_HEADER.length;
  for (const record of records) {
    const fragments = fragmentsOf(record, at);
    pieces.push(fragments);
    at += fragments.length;
  }
  return Buffer.concat(pieces);
}

export const WANDB_HEADER: Buffer = Buffer.from(":W&B\u00E1\u00BE\0", "latin1");

/** A record as it is written where a log has so many bytes. */
export function fragmentsOf(record: Uint8Array, logBytes: number): Buffer {
  const pieces: Uint8Array[] = [];
  let at = logBytes;
  let isFirst = true;
  for (let start = 0; start < record.length;) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (left < 7) {
      pieces.push(Buffer.alloc(left));
      at += left;
      continue;
    }
    const data = record.subarray(start, start + left - 7);
    pieces.push(fragment(typeOf(isFirst, start + data.length === record.length), data));
    at += 7 + data.length;
    start += data.length;
    isFirst = false;
  }
  return Buffer.concat(pieces);
}

function typeOf(isFirst: boolean, isLast: boolean): number {
  if (isFirst) {
    return isLast ? FULL : FIRST;
  }
  return isLast ? LAST : MIDDLE;
}

export function fragment(type: number, data: Uint8Array): Buffer {
  const header = Buffer.alloc(7);
  header.writeUInt32LE(crc32(data, crc32(Buffer.from([type]))));
  header.writeUInt16LE(data.length, 4);
  header[6] = type;
  return Buffer.concat([header, data]);
}

type Items = readonly (readonly [key: string | readonly string[], json: string])[];

/** A row of history. Step 0 is left out, as protobuf leaves out every default. */
export function historyRecord(step: number, items: Items): Buffer {
  const count = step === 0 ? Buffer.alloc(0) : varintField(1, step);
  const all: Items = [...items, ["_step", String(step)], ["_timestamp", String(1_700_000_000 + step)]];
  return recordOf(2, message(...itemFields(all), bytesField(2, count)));
}

export function configRecord(items: Items): Buffer {
  return recordOf(5, message(...itemFields(items)));
}

/** The record with which a run begins, settings included. */
export function runRecord(config: Items): Buffer {
  return recordOf(17, message(bytesField(1, "abc123"), bytesField(4, message(...itemFields(config)))));
}

export function consoleRecord(line: string): Buffer {
  return recordOf(13, message(varintField(1, 1), bytesField(3, line)));
}

export function exitRecord(): Buffer {
  return recordOf(18, Buffer.alloc(0));
}

function recordOf(field: number, content: Buffer): Buffer {
  return message(varintField(1, 7), bytesField(field, content), bytesField(200, varintField(1, 1)));
}

function itemFields(items: Items): Buffer[] {
  return items.map(([key, json]) => {
    const path = typeof key === "string" ? [key] : key;
    return bytesField(1, message(...path.map((name) => bytesField(2, name)), bytesField(16, json)));
  });
}
