import { maskedCrc32cIn } from "../../crc32c.ts";
import { createDamage, tooLong, writtenEnd } from "../shared/damage.ts";
import type { ProblemList } from "#core/problems.ts";
import type { RecordStart } from "../reader.ts";

export interface TfRecordStart extends Pick<RecordStart, "offset" | "firstRecord" | "isEnd"> {
  /** What the last scan returned; null at the file's start. */
  readonly skipTo: number | null;
  readonly problems: ProblemList;
}

export interface TfRecordScan {
  readonly consumed: number;
  readonly records: number;
  /** Where in the file a record ends that is too long to be held; null when the scan ended within none. */
  readonly skipTo: number | null;
}

export interface RecordVisitor {
  /** Reads whole records from a place on, as far as they are like some before. Gives where those end. */
  readonly pass: (at: number, record: number) => number;
  /** How many that were. */
  readonly passed: () => number;
  /** Takes the data of a whole record. */
  readonly visit: (start: number, end: number, record: number) => void;
}

// A record is its length, a check of that, the data, and a check of these.
const LENGTH_BYTES = 8;
export const HEADER_BYTES = 12;
export const CHECK_BYTES = 4;

/** Shows every whole record to the visitor; after damage it goes on with the next header that checks. */
export function scanTfRecords(bytes: Uint8Array, from: TfRecordStart, visitor: RecordVisitor): TfRecordScan {
  const { offset, firstRecord, isEnd, problems } = from;
  const view = viewOf(bytes);
  const written = isEnd ? writtenEnd(bytes) : bytes.length;
  const damage = createDamage(problems);
  let at = Math.max(0, (from.skipTo ?? 0) - offset);
  let record = firstRecord;
  while (at + HEADER_BYTES <= bytes.length) {
    const passedEnd = visitor.pass(at, record);
    if (passedEnd > at) {
      damage.end(offset + at, record);
      record += visitor.passed();
      at = passedEnd;
      continue;
    }
    const end = recordEnd(view, at);
    if (end > bytes.length) {
      if (isEnd || at > 0) {
        break; // It is still being written, or the next read begins with it.
      }
      problems.add(record, tooLong(offset, end));
      at = end;
    } else if (end > 0 && hasCheck(view, at + HEADER_BYTES, end - CHECK_BYTES)) {
      damage.end(offset + at, record);
      visitor.visit(at + HEADER_BYTES, end - CHECK_BYTES, record);
      record += 1;
      at = end;
    } else if (Math.max(end, at + HEADER_BYTES) > written) {
      break;
    } else {
      damage.begin(offset + at);
      at = afterDamage(view, at, written);
    }
  }
  damage.end(offset + at, record);
  const skipTo = at > bytes.length ? offset + at : null;
  return { consumed: Math.min(at, bytes.length), records: record - firstRecord, skipTo };
}

/** Whether any record's header can be found. */
export function hasTfRecord(bytes: Uint8Array): boolean {
  return headerFrom(viewOf(bytes), 0, bytes.length) !== null;
}

/** Where a record ends, 0 when its header is damaged. */
function recordEnd(view: DataView, at: number): number {
  return hasCheck(view, at, at + LENGTH_BYTES)
    ? at + HEADER_BYTES + view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32 + CHECK_BYTES
    : 0;
}

/**
 * Where to go on after a damaged record. Where its header tells the end, damage may have brought that nearer; else
 * any place up to `written` may be the next header, of which the last few bytes may be a part.
 */
function afterDamage(view: DataView, at: number, written: number): number {
  const end = recordEnd(view, at);
  return end > 0
    ? (headerFrom(view, at + 1, end) ?? end)
    : (headerFrom(view, at + 1, written) ?? written - HEADER_BYTES + 1);
}

/** The first place from `from` on where a header that ends before `end` checks; null when there is none. */
function headerFrom(view: DataView, from: number, end: number): number | null {
  for (let at = from; at + HEADER_BYTES <= end; at += 1) {
    if (recordEnd(view, at) > 0) {
      return at;
    }
  }
  return null;
}

function hasCheck(view: DataView, start: number, end: number): boolean {
  return view.getUint32(end, true) === maskedCrc32cIn(view, start, end);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
