import { createDamage, tooLong, writtenEnd } from "../shared/damage.ts";
import type { ProblemList } from "#core/problems.ts";
import type { RecordStart } from "../reader.ts";
import { blockEnd, FIRST, fragmentAfter, fragmentAt, FRAGMENT_HEADER_BYTES, FULL, LAST } from "./blocks.ts";

export interface WandbStart extends Pick<RecordStart, "offset" | "firstRecord" | "isEnd"> {
  /** The last scan ended within a record that is too long to be held. */
  readonly isWithin: boolean;
  readonly problems: ProblemList;
}

export interface WandbScan {
  readonly consumed: number;
  readonly records: number;
  readonly isWithin: boolean;
}

export type VisitData = (data: Uint8Array, record: number) => void;

/** `:W&B`, 0xBEE1, version 0. */
export const WANDB_MAGIC: Uint8Array = Buffer.from(":W&B\u00E1\u00BE\0", "latin1");

/** Calls `visit` with the data of every whole record; after damage it goes on with the next fragment that checks. */
export function scanWandb(bytes: Uint8Array, from: WandbStart, visit: VisitData): WandbScan {
  const { offset, isEnd } = from;
  const written = isEnd ? writtenEnd(bytes) : bytes.length;
  const assembly = createAssembly(bytes, from, visit);
  let at = Math.max(0, WANDB_MAGIC.length - offset);
  while (at + FRAGMENT_HEADER_BYTES <= bytes.length) {
    const limit = blockEnd(at, offset);
    if (limit - at < FRAGMENT_HEADER_BYTES) {
      at = limit; // Padding.
      continue;
    }
    const { kind, type, end } = fragmentAt(bytes, at, limit);
    if (kind === "whole") {
      assembly.add(type, at, end);
      at = end;
      continue;
    }
    const waits = kind === "cut" && !isEnd;
    const next = waits ? null : nextAfter(bytes, { at, limit, isCut: kind === "cut" || end > written });
    if (next === null) {
      break;
    }
    assembly.drop(at);
    at = next;
  }
  return assembly.finish(Math.min(at, bytes.length));
}

/**
 * Where to go on after what is no whole fragment. Null when there is nothing yet: a fragment that is cut is still being
 * written, unless another one follows, which tells that its length is damaged.
 */
function nextAfter(
  bytes: Uint8Array,
  { at, limit, isCut }: { readonly at: number; readonly limit: number; readonly isCut: boolean },
): number | null {
  return fragmentAfter(bytes, at, limit) ?? (isCut || limit > bytes.length ? null : limit);
}

interface Assembly {
  readonly add: (type: number, at: number, end: number) => void;
  /** Damage at a place, which ends the record that was begun. */
  readonly drop: (at: number) => void;
  readonly finish: (at: number) => WandbScan;
}

/** Puts the fragments of each record together. */
function createAssembly(bytes: Uint8Array, from: WandbStart, visit: VisitData): Assembly {
  const { offset, firstRecord, isEnd, problems } = from;
  const damage = createDamage(problems);
  let record = firstRecord;
  let { isWithin } = from;
  let begun: { readonly at: number; readonly parts: Uint8Array[] } | null = null;

  function drop(at: number): void {
    damage.begin(offset + (begun?.at ?? at));
    begun = null;
    isWithin = false;
  }

  function add(type: number, at: number, end: number): void {
    const part = bytes.subarray(at + FRAGMENT_HEADER_BYTES, end);
    if (type === FULL || type === FIRST) {
      if (begun !== null) {
        drop(at);
      }
      damage.end(offset + at, record);
      begun = { at, parts: [part] };
      isWithin = false;
    } else if (begun !== null) {
      begun.parts.push(part);
    } else if (!isWithin) {
      drop(at);
    }
    if (begun !== null && (type === FULL || type === LAST)) {
      visit(type === FULL ? part : Buffer.concat(begun.parts), record);
      record += 1;
      begun = null;
    }
  }

  function finish(at: number): WandbScan {
    const isTooLong = begun?.at === 0 && !isEnd;
    if (isTooLong) {
      problems.add(record, tooLong(offset, at));
    }
    const consumed = isTooLong ? at : (begun?.at ?? at);
    damage.end(offset + consumed, record);
    return { consumed, records: record - firstRecord, isWithin: isWithin || isTooLong };
  }

  return { add, drop, finish };
}
